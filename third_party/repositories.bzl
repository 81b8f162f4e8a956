"""Everything that comes from outside, by name."""

load("//third_party:debian.bzl", "debian_source", "debian_tree", "tree_part")
load("//third_party:stub.bzl", "stub")

_LLVM_TOOLS = [
    "clang",
    "clang-format",
    "ld.lld",
    "llvm-addr2line",
    "llvm-ar",
    "llvm-cov",
    "llvm-cxxfilt",
    "llvm-dwarfdump",
    "llvm-nm",
    "llvm-objcopy",
    "llvm-objdump",
    "llvm-profdata",
    "llvm-readelf",
    "llvm-size",
    "llvm-strip",
    "llvm-symbolizer",
]

def _tree(name, **kwargs):
    debian_tree(
        name = name,
        lock = "//third_party:locks/{}.lock.json".format(name),
        tree = "//third_party:trees/{}.tree".format(name),
        **kwargs
    )

def _bazel_rules():
    """The rule sets that Bazel 4.2.3 would otherwise fetch from elsewhere."""
    _tree("bazel_rules")
    rules = {
        "bazel_skylib": "usr/share/bazel/tools/skylib",
        "rules_cc": "usr/share/bazel/rules/cc",
        "rules_java": "usr/share/bazel/rules/java",
        "rules_proto": "usr/share/bazel/rules/proto",
    }
    for name, path in rules.items():
        tree_part(
            name = name,
            # Bazel 4.2.3 has no use_cpp_toolchain().
            fix = "grep -rl use_cpp_toolchain . | xargs -r sed -i " +
                  "-e 's/, \"use_cpp_toolchain\"//' " +
                  "-e 's,use_cpp_toolchain(),[\"@bazel_tools//tools/cpp:toolchain_type\"],'",
            path = path,
            tree = "@bazel_rules//:BUILD.bazel",
        )

def theseus_repositories():
    """Declares every external repository; nothing is fetched before it is used."""
    _bazel_rules()

    # Every test names these; only `bazel coverage` would run them.
    stub(
        name = "remote_coverage_tools",
        targets = ["coverage_report_generator", "lcov_merger"],
    )
    _tree(
        "llvm",
        library_dirs = [
            "lib/x86_64-linux-gnu",
            "usr/lib/x86_64-linux-gnu",
            "usr/lib/llvm-22/lib",
        ],
        # Where clang, started as bin/clang, looks for its own headers and libraries.
        links = {"lib/clang": "../usr/lib/llvm-22/lib/clang"},
        # Headers are inputs one by one, so they may not lie in a folder that is one too.
        moves = {"usr/lib/llvm-22/include": "include"},
        tools = {tool: "usr/lib/llvm-22/bin/" + tool for tool in _LLVM_TOOLS},
    )
    _tree(
        "grub",
        # The font is an input of its own, so it may not lie in a folder that is one too.
        moves = {"usr/share/grub": "font"},
        tools = {
            "grub-mkimage": "usr/bin/grub-mkimage",
            "mcopy": "usr/bin/mtools",
            "mformat": "usr/bin/mtools",
            "mmd": "usr/bin/mtools",
            "xorriso": "usr/bin/xorriso",
        },
    )
    _tree("sysroot")
    _tree("gdb", tools = {"gdb": "usr/bin/gdb"})
    _tree("googletest")
    _tree("nginx", tools = {"nginx": "usr/sbin/nginx"})
    _tree("nlohmann_json")
    _tree(
        "qemu",
        # Debian's QEMU keeps even its TCG accelerator in a module.
        tool_args = [
            '-L "$d/usr/share/qemu"',
            '-L "$d/usr/share/seabios"',
            '-L "$d/usr/lib/ipxe/qemu"',
        ],
        tool_setup = ['export QEMU_MODULE_DIR="$d/usr/lib/x86_64-linux-gnu/qemu"'],
        tools = {"qemu-system-x86_64": "usr/bin/qemu-system-x86_64"},
    )
    _tree("tsan")
    debian_source(
        name = "mbedtls",
        path = "pool/main/m/mbedtls/mbedtls_2.28.3.orig.tar.gz",
        sha256 = "3b4953aa55a681e084d31892d9904cc5328d6b4958ea57b90ae4b4f94ae69a8d",
        strip_prefix = "Mbed-TLS-mbedtls-8f97ca5",
    )
