"""Builds targets for the bare machine, or with sanitizers, from within one host build.

A rule of your own takes an attribute through to the machine like this:

    load("//tools/rules:theseus_transition.bzl", "ALLOWLIST", "theseus_transition")

    my_rule = rule(
        attrs = dict({
            "kernel": attr.label(cfg = theseus_transition),
        }, **ALLOWLIST),
    )

Bazel hands an attribute with a transition to the rule as a list, also where it is
a single label: ctx.attr.kernel[0].
"""

# Bazel demands that a rule with a transition names the list of packages that may use one.
ALLOWLIST = {
    "_allowlist_function_transition": attr.label(
        default = "@bazel_tools//tools/allowlists/function_transition_allowlist",
    ),
}

_PLATFORMS = "//command_line_option:platforms"

def _to_theseus(_settings, _attr):
    return {_PLATFORMS: "//platforms:theseus_x86_64"}

theseus_transition = transition(
    implementation = _to_theseus,
    inputs = [],
    outputs = [_PLATFORMS],
)

def _to_host_asan(_settings, _attr):
    return {_PLATFORMS: "//platforms:host_asan"}

host_asan_transition = transition(
    implementation = _to_host_asan,
    inputs = [],
    outputs = [_PLATFORMS],
)

def _theseus_objects_impl(ctx):
    files = depset(transitive = [target[DefaultInfo].files for target in ctx.attr.targets])
    return [DefaultInfo(files = files, runfiles = ctx.runfiles(transitive_files = files))]

theseus_objects = rule(
    implementation = _theseus_objects_impl,
    doc = "The files of targets that are built for the bare machine, for use on the host.",
    attrs = dict({
        "targets": attr.label_list(cfg = theseus_transition, mandatory = True),
    }, **ALLOWLIST),
)
