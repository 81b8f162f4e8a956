"""The compilers. They stand in @llvm, because their tools' paths are relative to it."""

load("@rules_cc//cc:defs.bzl", "cc_toolchain")
load("//platforms/toolchain:config.bzl", "compiler_config")
load(
    "//platforms/toolchain:flags.bzl",
    "C_WARNINGS",
    "HOST_ALL",
    "HOST_CODE",
    "HOST_LINK",
    "HOST_LINK_DYNAMIC",
    "HOST_LINK_LIBRARIES",
    "HOST_LINK_STATIC",
    "HOST_SANITIZE",
    "HOST_TSAN",
    "HOST_TSAN_LINK",
    "REPRODUCIBLE",
    "THESEUS_ALL",
    "THESEUS_CODE",
    "THESEUS_LINK",
    "WARNINGS",
)

_BUILTIN_HEADERS = "%package(@llvm//)%/lib/clang/22/include"

_HOST_HEADERS = [
    _BUILTIN_HEADERS,
    "%package(@llvm//)%/lib/clang/22/share",
    "%package(@sysroot//)%/usr/include",
    "%package(@sysroot//)%/usr/lib/gcc",
]

def _compiler(name, sysroot, runtime = [], **kwargs):
    compiler_config(name = name + "_config", **kwargs)
    native.filegroup(
        name = name + "_compile",
        srcs = [
            "bin/clang",
            ":runtime",
        ] + (["@sysroot//:headers"] if sysroot else []),
    )
    native.filegroup(
        name = name + "_link",
        srcs = [
            "bin/clang",
            "bin/ld.lld",
            ":runtime",
        ] + (["@sysroot//:link"] if sysroot else []) + runtime,
    )
    native.filegroup(
        name = name + "_ar",
        srcs = ["bin/llvm-ar", ":runtime"],
    )
    native.filegroup(
        name = name + "_binutils",
        srcs = [
            "bin/llvm-objcopy",
            "bin/llvm-strip",
            ":runtime",
        ],
    )
    native.filegroup(
        name = name + "_all",
        srcs = [":tools"] + (["@sysroot//:headers", "@sysroot//:link"] if sysroot else []) + runtime,
    )
    cc_toolchain(
        name = name,
        all_files = name + "_all",
        ar_files = name + "_ar",
        as_files = name + "_compile",
        compiler_files = name + "_compile",
        dwp_files = name + "_ar",
        linker_files = name + "_link",
        objcopy_files = name + "_binutils",
        strip_files = name + "_binutils",
        supports_param_files = True,
        toolchain_config = name + "_config",
        visibility = ["//visibility:public"],
    )

def declare_compilers():
    """Declares the cc_toolchains of //platforms:theseus_x86_64, :host, :host_asan and :host_tsan."""
    _compiler(
        name = "compiler_theseus",
        all_flags = THESEUS_ALL + REPRODUCIBLE,
        c_flags = ["-std=c23"] + C_WARNINGS,
        code_flags = THESEUS_CODE + WARNINGS,
        cxx_flags = ["-std=c++20"],
        include_directories = [_BUILTIN_HEADERS],
        link_flags = THESEUS_LINK,
        sysroot = False,
        system = "x86_64-unknown-none-elf",
    )
    _compiler(
        name = "compiler_host",
        all_flags = HOST_ALL + REPRODUCIBLE,
        c_flags = ["-std=c23"] + C_WARNINGS,
        code_flags = HOST_CODE + ["-O2"] + WARNINGS,
        cxx_flags = ["-std=c++20"],
        include_directories = _HOST_HEADERS,
        library_flags = HOST_LINK_LIBRARIES,
        link_flags = HOST_LINK,
        static_flags = HOST_LINK_STATIC,
        sysroot = True,
        system = "x86_64-linux-gnu",
    )
    _compiler(
        name = "compiler_host_asan",
        all_flags = HOST_ALL + REPRODUCIBLE,
        c_flags = ["-std=c23"] + C_WARNINGS,
        code_flags = HOST_CODE + ["-O1"] + WARNINGS + HOST_SANITIZE,
        cxx_flags = ["-std=c++20"],
        include_directories = _HOST_HEADERS,
        library_flags = HOST_LINK_LIBRARIES,
        link_flags = HOST_LINK + HOST_SANITIZE + HOST_LINK_DYNAMIC,
        sysroot = True,
        system = "x86_64-linux-gnu-asan",
    )
    _compiler(
        name = "compiler_host_tsan",
        all_flags = HOST_ALL + REPRODUCIBLE,
        c_flags = ["-std=c23"] + C_WARNINGS,
        code_flags = HOST_CODE + ["-O1"] + WARNINGS + HOST_TSAN,
        cxx_flags = ["-std=c++20"],
        include_directories = _HOST_HEADERS,
        library_flags = HOST_LINK_LIBRARIES,
        link_flags = HOST_LINK + HOST_LINK_DYNAMIC + HOST_TSAN_LINK,
        runtime = ["@tsan//:libraries"],
        sysroot = True,
        system = "x86_64-linux-gnu-tsan",
    )
