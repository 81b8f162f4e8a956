"""A test of tests: how much of some sources they reach.

    coverage_test(
        name = "loader_coverage_test",
        minimum = 95,
        sources = glob(["*.c"]),
        tests = [":object_test"],
    )
"""

load("//tools/rules:theseus_transition.bzl", "ALLOWLIST", "host_coverage_transition")

_SCRIPT = """#!/bin/sh
# Runs the tests, each in the root of the runfiles, as `bazel test` does.
set -eu
profiles=$TEST_TMPDIR/profiles
mkdir "$profiles"
for program in {programs}; do
  LLVM_PROFILE_FILE=$profiles/%p.profraw GTEST_OUTPUT= XML_OUTPUT_FILE= "$program" \\
    >"$TEST_TMPDIR/log" 2>&1 || {{ cat "$TEST_TMPDIR/log"; exit 1; }}
done
exec {report} --profiles "$profiles" --minimum {minimum} --sources "{sources}" -- {programs}
"""

def _coverage_test_impl(ctx):
    programs = [test[DefaultInfo].files_to_run.executable for test in ctx.attr.tests]
    executable = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.write(
        executable,
        _SCRIPT.format(
            minimum = ctx.attr.minimum,
            programs = " ".join([program.short_path for program in programs]),
            report = ctx.file._report.short_path,
            sources = " ".join([source.short_path for source in ctx.files.sources]),
        ),
        is_executable = True,
    )
    runfiles = ctx.runfiles(programs + ctx.files.sources + ctx.files._llvm + [ctx.file._report])
    for test in ctx.attr.tests:
        runfiles = runfiles.merge(test[DefaultInfo].default_runfiles)
    return [DefaultInfo(executable = executable, runfiles = runfiles)]

coverage_test = rule(
    implementation = _coverage_test_impl,
    doc = "Runs host tests built to count their lines. It fails, and names the lines that no test " +
          "reached, where they reach too few.",
    attrs = dict({
        "minimum": attr.int(doc = "Percent of the lines of all sources together.", mandatory = True),
        "sources": attr.label_list(allow_files = True, mandatory = True),
        "tests": attr.label_list(cfg = host_coverage_transition, mandatory = True),
        "_llvm": attr.label_list(
            allow_files = True,
            default = ["@llvm//:bin/llvm-cov", "@llvm//:bin/llvm-profdata", "@llvm//:runtime"],
        ),
        "_report": attr.label(allow_single_file = True, default = "//tools/coverage:report.sh"),
    }, **ALLOWLIST),
    test = True,
)
