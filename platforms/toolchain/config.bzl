"""The cc toolchain configuration: which flags go to which action."""

load("@bazel_tools//tools/build_defs/cc:action_names.bzl", "ACTION_NAMES")
load(
    "@bazel_tools//tools/cpp:cc_toolchain_config_lib.bzl",
    "feature",
    "flag_group",
    "flag_set",
    "tool_path",
)

_C = [ACTION_NAMES.c_compile]

_CXX = [
    ACTION_NAMES.cpp_compile,
    ACTION_NAMES.cpp_header_parsing,
    ACTION_NAMES.linkstamp_compile,
]

_ASSEMBLE = [
    ACTION_NAMES.assemble,
    ACTION_NAMES.preprocess_assemble,
]

_LINK = [
    ACTION_NAMES.cpp_link_executable,
    ACTION_NAMES.cpp_link_dynamic_library,
    ACTION_NAMES.cpp_link_nodeps_dynamic_library,
]

def _set(actions, flags):
    return [flag_set(actions = actions, flag_groups = [flag_group(flags = flags)])] if flags else []

def _feature(name, flag_sets):
    return feature(name = name, enabled = True, flag_sets = flag_sets)

def _features(ctx):
    return [
        _feature(
            "theseus_compile",
            _set(_C + _CXX + _ASSEMBLE, ctx.attr.all_flags) +
            _set(_C + _CXX, ctx.attr.code_flags) +
            _set(_C, ctx.attr.c_flags) +
            _set(_CXX, ctx.attr.cxx_flags),
        ),
        _feature("theseus_link", _set(_LINK, ctx.attr.link_flags)),
        # Programs that must load shared libraries turn this off.
        _feature("static_executable", _set([ACTION_NAMES.cpp_link_executable], ctx.attr.static_flags)),
        _feature("theseus_libraries", _set(_LINK, ctx.attr.library_flags)),
    ]

def _impl(ctx):
    return cc_common.create_cc_toolchain_config_info(
        ctx = ctx,
        abi_libc_version = "unknown",
        abi_version = "unknown",
        compiler = "clang",
        cxx_builtin_include_directories = ctx.attr.include_directories,
        features = _features(ctx),
        host_system_name = "x86_64-linux-gnu",
        target_cpu = "x86_64",
        target_libc = "unknown",
        target_system_name = ctx.attr.system,
        tool_paths = [
            tool_path(name = name, path = "bin/" + tool)
            for name, tool in _TOOLS.items()
        ],
        toolchain_identifier = "llvm-" + ctx.attr.system,
    )

_TOOLS = {
    "ar": "llvm-ar",
    "cpp": "clang",
    "dwp": "llvm-ar",  # never called
    "gcc": "clang",
    "gcov": "llvm-cov",
    "ld": "ld.lld",
    "nm": "llvm-nm",
    "objcopy": "llvm-objcopy",
    "objdump": "llvm-objdump",
    "strip": "llvm-strip",
}

compiler_config = rule(
    implementation = _impl,
    attrs = {
        "all_flags": attr.string_list(doc = "C, C++ and assembly."),
        "c_flags": attr.string_list(),
        "code_flags": attr.string_list(doc = "C and C++."),
        "cxx_flags": attr.string_list(),
        "include_directories": attr.string_list(),
        "library_flags": attr.string_list(doc = "Libraries that every program needs."),
        "link_flags": attr.string_list(),
        "static_flags": attr.string_list(doc = "Executables without shared libraries."),
        "system": attr.string(mandatory = True),
    },
    provides = [CcToolchainConfigInfo],
)
