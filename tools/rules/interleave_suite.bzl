"""Suites of testing/interleave: real cells on several processors of the host.

    interleave_suite(
        name = "heap",
        srcs = ["suites/heap.cc"],
        deps = ["//cells/heap:heap_code"],
    )

`tools/bazel run :heap -- --schedules 1000000` makes that many schedules, `-- --seed N` replays one
and prints it. heap_test makes some, heap_tsan_test runs the same operations on threads under
ThreadSanitizer.
"""

load("@rules_cc//cc:defs.bzl", "cc_binary")
load(
    "//tools/rules:theseus_transition.bzl",
    "ALLOWLIST",
    "host_interleave_transition",
    "host_tsan_transition",
    "link_actual",
)

_TSAN_OPTIONS = ":".join([
    "external_symbolizer_path=external/llvm/bin/llvm-symbolizer",
    "halt_on_error=1",
])

def _impl(ctx):
    actual, executable = link_actual(ctx)
    runfiles = ctx.runfiles([executable] + ctx.files.runtime)
    return [
        DefaultInfo(executable = executable, runfiles = runfiles.merge(actual.default_runfiles)),
        testing.TestEnvironment({"TSAN_OPTIONS": _TSAN_OPTIONS}),
    ]

def _attrs(transition):
    return dict({
        "actual": attr.label(cfg = transition, mandatory = True),
        "runtime": attr.label_list(allow_files = True),
    }, **ALLOWLIST)

_fibers = rule(implementation = _impl, attrs = _attrs(host_interleave_transition), executable = True)
_fibers_test = rule(implementation = _impl, attrs = _attrs(host_interleave_transition), test = True)
_threads = rule(implementation = _impl, attrs = _attrs(host_tsan_transition), executable = True)
_threads_test = rule(implementation = _impl, attrs = _attrs(host_tsan_transition), test = True)

_TSAN_RUNTIME = ["@llvm//:symbolizer", "@sysroot//:runtime"]

def _programs(name, srcs, deps, **kwargs):
    for kind in ["fibers", "threads"]:
        cc_binary(
            name = "{}_{}_program".format(name, kind),
            testonly = True,
            srcs = srcs,
            linkstatic = True,
            tags = ["manual"],  # only with the transition is it what it should be
            target_compatible_with = ["//platforms:hosted"],
            visibility = ["//visibility:private"],
            deps = deps + ["//testing/interleave:" + kind],
            **kwargs
        )
    _fibers(name = name, testonly = True, actual = name + "_fibers_program")

def interleave_suite(name, srcs, deps, schedules = 50000, rounds = 10, size = "small", **kwargs):
    """Declares NAME, NAME_test and NAME_tsan_test.

    Args:
      name: of the suite.
      srcs: a source with INTERLEAVE_SUITE (testing/interleave/suite.h).
      deps: the cells' `_code` targets, patterns, and parts of //testing/interleave that it needs.
      schedules: how many the test makes.
      rounds: how often the test with threads begins anew.
      size: of both tests.
      **kwargs: passed on to cc_binary (copts, defines, linkopts).
    """
    _programs(name, srcs, deps, **kwargs)
    _fibers_test(
        name = name + "_test",
        size = size,
        actual = name + "_fibers_program",
        args = ["--schedules", str(schedules)],
    )
    _threads_test(
        name = name + "_tsan_test",
        size = size,
        actual = name + "_threads_program",
        args = ["--rounds", str(rounds)],
        runtime = _TSAN_RUNTIME,
        tags = ["tsan"],
    )

def interleave_specimen(name, srcs, deps):
    """Declares NAME and NAME_threads, a suite with a seeded bug, for tests that run it.

    Args:
      name: of the specimen.
      srcs: as of interleave_suite.
      deps: as of interleave_suite.
    """
    _programs(name, srcs, deps)
    _threads(
        name = name + "_threads",
        testonly = True,
        actual = name + "_threads_program",
        runtime = _TSAN_RUNTIME,
    )

_CAMPAIGN = """#!/bin/sh
# usage: tools/bazel run {label} -- [--schedules N] [--seed S] [SUITE...]
set -u
known="{suites}"
schedules=1000000
seed=1
chosen=

usage() {{
  echo "usage: tools/bazel run {label} -- [--schedules N] [--seed S] [SUITE...]"
  echo "  --schedules N  of each suite; $schedules where nothing is said"
  echo "  --seed S       of the first schedule; $seed where nothing is said"
  echo "suites:$(for suite in $known; do printf ' %s' "${{suite##*/}}"; done)"
}}

# program SUITE: the path of its program.
program() {{
  for suite in $known; do
    [ "${{suite##*/}}" != "$1" ] || echo "$suite"
  done
}}

while [ $# -gt 0 ]; do
  case $1 in
    --help) usage; exit 0 ;;
    --schedules | --seed)
      case ${{2:-}} in
        '' | *[!0-9]*) echo "$1 wants a number" >&2; usage >&2; exit 2 ;;
      esac
      [ "$1" = --seed ] && seed=$2 || schedules=$2
      shift ;;
    *)
      [ -n "$(program "$1")" ] || {{ echo "there is no suite '$1'" >&2; usage >&2; exit 2; }}
      chosen="$chosen $(program "$1")" ;;
  esac
  shift
done

count=0
failures=0
for suite in ${{chosen:-$known}}; do
  count=$((count + 1))
  "$suite" --schedules "$schedules" --seed "$seed" || failures=$((failures + 1))
done
echo "$count suites, $((count * schedules)) schedules, $failures failures"
[ "$failures" -eq 0 ]
"""

def _campaign_impl(ctx):
    executable = ctx.actions.declare_file(ctx.label.name)
    programs = [suite[DefaultInfo].files_to_run.executable for suite in ctx.attr.suites]
    ctx.actions.write(
        executable,
        _CAMPAIGN.format(
            label = str(ctx.label),
            suites = " ".join([program.short_path for program in programs]),
        ),
        is_executable = True,
    )
    return [DefaultInfo(executable = executable, runfiles = ctx.runfiles(programs))]

interleave_campaign = rule(
    implementation = _campaign_impl,
    doc = "A program that makes many schedules of several suites.",
    attrs = {"suites": attr.label_list(mandatory = True)},
    executable = True,
)
