"""The compiler of the platform, for rules that call tools beside it."""

load("@bazel_tools//tools/build_defs/cc:action_names.bzl", "C_COMPILE_ACTION_NAME")
load("@bazel_tools//tools/cpp:toolchain_utils.bzl", "find_cpp_toolchain")

CC_ATTRS = {
    "_cc_toolchain": attr.label(default = "@bazel_tools//tools/cpp:current_cc_toolchain"),
}

CC_TOOLCHAINS = ["@bazel_tools//tools/cpp:toolchain_type"]

def compile_flags(ctx, compilation_context):
    """The flags with which a C file of this target is compiled.

    Args:
      ctx: of the rule, which has CC_ATTRS and CC_TOOLCHAINS.
      compilation_context: of what it includes.

    Returns:
      A list of strings.
    """
    toolchain = find_cpp_toolchain(ctx)
    features = cc_common.configure_features(
        ctx = ctx,
        cc_toolchain = toolchain,
        requested_features = ctx.features,
        unsupported_features = ctx.disabled_features,
    )
    variables = cc_common.create_compile_variables(
        cc_toolchain = toolchain,
        feature_configuration = features,
        include_directories = compilation_context.includes,
        preprocessor_defines = compilation_context.defines,
        quote_include_directories = compilation_context.quote_includes,
        system_include_directories = compilation_context.system_includes,
    )
    return cc_common.get_memory_inefficient_command_line(
        action_name = C_COMPILE_ACTION_NAME,
        feature_configuration = features,
        variables = variables,
    )

def compile_inputs(ctx, compilation_context):
    """The files that the compiler may read: its own, and the headers of what is included."""
    return depset(transitive = [
        find_cpp_toolchain(ctx).all_files,
        compilation_context.headers,
    ])
