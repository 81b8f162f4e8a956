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

_CONLYOPT = "//command_line_option:conlyopt"
_COPT = "//command_line_option:copt"
_LINKOPT = "//command_line_option:linkopt"

def _to_host_fuzz(settings, _attr):
    return {
        _CONLYOPT: settings[_CONLYOPT] + ["-fsanitize=fuzzer-no-link"],
        _PLATFORMS: "//platforms:host_asan",
    }

# With sanitizers, and with what libFuzzer needs to see which code an input reaches; only in C: what
# runs in the machine is looked at, not the tests around it.
host_fuzz_transition = transition(
    implementation = _to_host_fuzz,
    inputs = [_CONLYOPT],
    outputs = [_CONLYOPT, _PLATFORMS],
)

def _to_host_coverage(settings, _attr):
    return {
        _COPT: settings[_COPT] + [
            "-fprofile-instr-generate",
            "-fcoverage-mapping",
            "-fcoverage-compilation-dir=.",
        ],
        _LINKOPT: settings[_LINKOPT] + ["-fprofile-instr-generate"],
        _PLATFORMS: "//platforms:host",
    }

# Programs that count which of their lines ran. `build:coverage` in .bazelrc is the same.
host_coverage_transition = transition(
    implementation = _to_host_coverage,
    inputs = [_COPT, _LINKOPT],
    outputs = [_COPT, _LINKOPT, _PLATFORMS],
)

def _to_host_interleave(settings, _attr):
    return {
        _COPT: settings[_COPT] + ["-DHOST_STATE_HOOK"],
        _PLATFORMS: "//platforms:host",
    }

# Programs that are told of each store to a blob (nano_core/api/state.h).
host_interleave_transition = transition(
    implementation = _to_host_interleave,
    inputs = [_COPT],
    outputs = [_COPT, _PLATFORMS],
)

def _to_host_tsan(_settings, _attr):
    return {_PLATFORMS: "//platforms:host_tsan"}

host_tsan_transition = transition(
    implementation = _to_host_tsan,
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

def link_actual(ctx):
    """Gives what a transition has built of the attribute `actual` the name of the target at hand.

    Args:
      ctx: of the rule.

    Returns:
      The DefaultInfo of what was built, and the link to its program.
    """
    actual = ctx.attr.actual[0][DefaultInfo]
    executable = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.symlink(
        output = executable,
        target_file = actual.files_to_run.executable,
        is_executable = True,
    )
    return actual, executable
