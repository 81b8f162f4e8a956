"""Fuzzing guided by coverage, with libFuzzer, AddressSanitizer and UndefinedBehaviorSanitizer.

    fuzz_target(
        name = "archive_fuzz",
        srcs = ["archive_fuzz.cc"],
        corpus = "corpus/archive",
        runs = 20000,
        deps = [":archive"],
    )

`tools/bazel run :archive_fuzz -- -max_total_time=600` fuzzes and keeps what is new in the corpus;
archive_fuzz_short_test replays the corpus and then fuzzes a little, the same way each time.
"""

load("@rules_cc//cc:defs.bzl", "cc_binary")
load("//tools/rules:theseus_transition.bzl", "ALLOWLIST", "host_fuzz_transition")

# Both run in the root of their runfiles, as sanitized programs must.
_HEAD = """#!/bin/sh
set -eu
program={program}
corpus={corpus}
fuzz() {{ "$program" -max_len={max_len} "$@"; }}
export ASAN_SYMBOLIZER_PATH=external/llvm/bin/llvm-symbolizer
export UBSAN_OPTIONS=print_stacktrace=1
"""

_RUN = _HEAD + """
case ${{1:-}} in
  --help)
    echo "usage: tools/bazel run {label} -- [FLAG...]"
    echo "  -max_total_time=SECONDS  fuzz that long; new inputs go to $corpus"
    echo "  -help=1                  every flag of libFuzzer"
    echo "  FILE                     only run that input"
    echo "  minimize                 leave only the inputs of the corpus that others do not cover"
    exit ;;
esac
corpus=$BUILD_WORKSPACE_DIRECTORY/$corpus
case ${{1:-}} in
  minimize)
    smallest=$(mktemp -d)
    trap 'rm -rf "$smallest"' EXIT
    fuzz -set_cover_merge=1 -use_counters=0 "$smallest" "$corpus"
    rm -f "$corpus"/*
    cp "$smallest"/* "$corpus" ;;
  [!-]*)
    cd "$OLDPWD" 2>/dev/null || :
    fuzz "$@" ;;
  *)
    fuzz -artifact_prefix="$BUILD_WORKSPACE_DIRECTORY/" "$@" "$corpus" ;;
esac
"""

_TEST = _HEAD + """
new=$TEST_TMPDIR/new
mkdir "$new"
fuzz -seed=1 -runs={runs} -print_final_stats=1 \\
  -artifact_prefix="${{TEST_UNDECLARED_OUTPUTS_DIR:-$TEST_TMPDIR}}/" "$new" "$corpus"
"""

def _impl(ctx, template):
    program = ctx.attr.program[0][DefaultInfo].files_to_run.executable
    executable = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.write(
        executable,
        template.format(
            corpus = "{}/{}".format(ctx.label.package, ctx.attr.corpus),
            label = str(ctx.label),
            max_len = ctx.attr.max_len,
            program = program.short_path,
            runs = ctx.attr.runs,
        ),
        is_executable = True,
    )
    files = [program] + ctx.files.data + ctx.files._runtime
    return [DefaultInfo(executable = executable, runfiles = ctx.runfiles(files))]

def _fuzz_run_impl(ctx):
    return _impl(ctx, _RUN)

def _fuzz_test_impl(ctx):
    return _impl(ctx, _TEST)

_ATTRS = dict({
    "corpus": attr.string(mandatory = True),
    "data": attr.label_list(allow_files = True),
    "max_len": attr.int(),
    "program": attr.label(cfg = host_fuzz_transition, mandatory = True),
    "runs": attr.int(),
    "_runtime": attr.label_list(default = ["@llvm//:symbolizer", "@sysroot//:runtime"]),
}, **ALLOWLIST)

_fuzz_run = rule(implementation = _fuzz_run_impl, attrs = _ATTRS, executable = True)

_fuzz_test = rule(implementation = _fuzz_test_impl, attrs = _ATTRS, test = True)

def fuzz_target(name, srcs, corpus, runs, deps = [], max_len = 4096, size = "small"):
    """Declares NAME, which fuzzes as long as it is told to, and NAME_short_test.

    Args:
      name: of the program.
      srcs: a file with LLVMFuzzerTestOneInput, and maybe one with LLVMFuzzerCustomMutator.
      corpus: the folder of the package with the inputs that are kept.
      runs: how many inputs the test tries, the corpus included.
      deps: what is fuzzed.
      max_len: no input is longer, in bytes.
      size: of the test.
    """
    cc_binary(
        name = name + "_program",
        testonly = True,
        srcs = srcs,
        linkopts = ["-fsanitize=fuzzer"],
        linkstatic = True,
        tags = ["manual"],  # only with the transition does it link
        target_compatible_with = ["//platforms:hosted"],
        visibility = ["//visibility:private"],
        deps = deps,
    )
    both = {
        "corpus": corpus,
        "data": native.glob([corpus + "/*"]),
        "max_len": max_len,
        "program": name + "_program",
        "runs": runs,
        "testonly": True,
    }
    _fuzz_run(name = name, **both)
    _fuzz_test(name = name + "_short_test", size = size, tags = ["fuzz"], **both)
