"""Compiler and linker flags of each platform."""

# Paths in results are relative, and nothing in them tells when or where they were built.
REPRODUCIBLE = [
    "-no-canonical-prefixes",
    "-fdebug-compilation-dir=/",
    "-Wno-builtin-macro-redefined",
    "-D__DATE__=\"redacted\"",
    "-D__TIME__=\"redacted\"",
    "-D__TIMESTAMP__=\"redacted\"",
]

WARNINGS = [
    "-Wall",
    "-Wextra",
    "-Werror",
    "-Wshadow",
    "-Wvla",
    "-Wthread-safety",
    "-Wconditional-uninitialized",
    "-Wimplicit-fallthrough",
    "-Werror=unused-value",
    "-Werror=unused-result",
]

C_WARNINGS = [
    "-Wstrict-prototypes",
    "-Wmissing-prototypes",
]

# nano_core and cells.
#
# The target is Linux's, as in Linux's own build, because clang keeps the stack canary
# at %gs:0x28 there; for x86_64-unknown-none-elf it knows only a global variable, which
# no cell may reach. The macros that would promise Linux are taken back.
THESEUS_ALL = [
    "--target=x86_64-unknown-linux-elf",
    "-U__linux__",
    "-U__linux",
    "-U__gnu_linux__",
    "-U__unix__",
    "-U__unix",
    "-nostdlibinc",
    "-g",
]

THESEUS_CODE = [
    "-ffreestanding",
    "-fno-pic",
    "-mcmodel=kernel",
    "-mno-red-zone",
    "-mgeneral-regs-only",
    # Gates and back-traces walk frames; a sibling call would hide the caller.
    "-fno-omit-frame-pointer",
    "-mno-omit-leaf-frame-pointer",
    "-fno-optimize-sibling-calls",
    # The object check decodes linearly: no indirect branch, no data in text.
    "-fno-jump-tables",
    "-fno-common",
    "-fno-asynchronous-unwind-tables",
    "-fno-unwind-tables",
    # The canary stands at %gs:0x28, in the per-CPU block.
    "-fstack-protector-strong",
    "-mstack-protector-guard=tls",
    "-mstack-protector-guard-reg=gs",
    "-mstack-protector-guard-offset=40",
    "-ftrivial-auto-var-init=zero",
    "-fsanitize=" + ",".join([
        "bool",
        "bounds",
        "enum",
        "integer-divide-by-zero",
        "null",
        "pointer-overflow",
        "return",
        "shift",
        "signed-integer-overflow",
        "unreachable",
        "vla-bound",
    ]),
    "-fsanitize-trap=all",
    "-fstrict-flex-arrays=3",
    "-O2",
]

THESEUS_LINK = [
    "--target=x86_64-linux-gnu",
    "-no-canonical-prefixes",
    "--ld-path=external/llvm/bin/ld.lld",
    "-nostdlib",
    "-static",
    "-Wl,--build-id=none",
    "-Wl,-z,max-page-size=4096",
    "-Wl,-z,noexecstack",
]

# Programs of Linux: tools and host tests.
HOST_ALL = [
    "--target=x86_64-linux-gnu",
    "--sysroot=external/sysroot",
    "--gcc-install-dir=external/sysroot/usr/lib/gcc/x86_64-linux-gnu/12",
    "-g",
]

HOST_CODE = [
    "-fno-omit-frame-pointer",
    "-fstack-protector-strong",
]

HOST_LINK = [
    "--target=x86_64-linux-gnu",
    "-no-canonical-prefixes",
    "--sysroot=external/sysroot",
    "--gcc-install-dir=external/sysroot/usr/lib/gcc/x86_64-linux-gnu/12",
    "--ld-path=external/llvm/bin/ld.lld",
    "-Wl,--build-id=none",
]

HOST_LINK_STATIC = ["-static"]

# Sanitizers cannot be linked statically. Tests run in the root of their runfiles,
# so a relative loader and library path keeps the machine's libraries out.
_LIBRARIES = [
    "external/sysroot/lib/x86_64-linux-gnu",
    "external/sysroot/usr/lib/x86_64-linux-gnu",
]

HOST_LINK_DYNAMIC = [
    "-Wl,--dynamic-linker=external/sysroot/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2",
    "-Wl,--disable-new-dtags",  # the path must hold for libraries of libraries too
    "-Wl,-rpath," + ":".join(_LIBRARIES),
]

HOST_SANITIZE = [
    "-fsanitize=address,undefined",
    "-fno-sanitize-recover=all",
]

HOST_TSAN = ["-fsanitize=thread"]

# The run-time library stands in a tree of its own, so that only what needs it depends on it; these
# are the flags that the compiler would add for it.
_TSAN_LIBRARIES = "external/tsan/usr/lib/llvm-22/lib/clang/22/lib/linux/libclang_rt."

HOST_TSAN_LINK = [
    "-Wl,--whole-archive",
    _TSAN_LIBRARIES + "tsan-x86_64.a",
    _TSAN_LIBRARIES + "tsan_cxx-x86_64.a",
    "-Wl,--no-whole-archive",
    "-Wl,--dynamic-list=" + _TSAN_LIBRARIES + "tsan-x86_64.a.syms",
    "-Wl,--dynamic-list=" + _TSAN_LIBRARIES + "tsan_cxx-x86_64.a.syms",
    "-lpthread",
    "-lrt",
    "-ldl",
    "-lresolv",
]

HOST_LINK_LIBRARIES = [
    "-lstdc++",
    "-lm",
]
