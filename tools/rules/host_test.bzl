"""GoogleTest on the host, each test plain and with sanitizers."""

load("@rules_cc//cc:defs.bzl", "cc_test")
load("//tools/rules:theseus_transition.bzl", "ALLOWLIST", "host_asan_transition", "link_actual")

_ASAN_OPTIONS = ":".join([
    "detect_stack_use_after_return=1",
    "strict_string_checks=1",
    "check_initialization_order=1",
])

def _asan_test_impl(ctx):
    actual, executable = link_actual(ctx)
    return [
        DefaultInfo(
            executable = executable,
            runfiles = ctx.runfiles([executable]).merge(actual.default_runfiles),
        ),
        testing.TestEnvironment(dict({
            "ASAN_OPTIONS": _ASAN_OPTIONS,
            "ASAN_SYMBOLIZER_PATH": "external/llvm/bin/llvm-symbolizer",
            "UBSAN_OPTIONS": "print_stacktrace=1",
            "UBSAN_SYMBOLIZER_PATH": "external/llvm/bin/llvm-symbolizer",
        }, **ctx.attr.env)),
    ]

_asan_test = rule(
    implementation = _asan_test_impl,
    attrs = dict({
        "actual": attr.label(cfg = host_asan_transition, mandatory = True),
        "env": attr.string_dict(),
    }, **ALLOWLIST),
    test = True,
)

def host_test(name, srcs, deps = [], data = [], size = "small", env = {}, tags = [], args = [], **kwargs):
    """Declares NAME (plain) and NAME_asan (AddressSanitizer and UndefinedBehaviorSanitizer).

    Args:
      name: of the plain test.
      srcs: C and C++ sources of the test.
      deps: libraries under test; GoogleTest and its main() are added.
      data: files that the test reads.
      size: as of any test.
      env: environment of both tests.
      tags: of both tests; the second one also gets "asan".
      args: of both tests.
      **kwargs: passed on to cc_test (copts, defines, timeout, shard_count, ...).
    """
    both = {key: kwargs[key] for key in ["flaky", "shard_count", "timeout", "visibility"] if key in kwargs}
    cc_test(
        name = name,
        size = size,
        srcs = srcs,
        args = args,
        data = data + select({
            "//platforms:is_asan": [
                "@llvm//:symbolizer",
                "@sysroot//:runtime",
            ],
            "//conditions:default": [],
        }),
        env = env,
        linkstatic = True,
        tags = tags,
        target_compatible_with = ["//platforms:hosted"],
        deps = deps + ["@googletest//:gtest_main"],
        **kwargs
    )
    _asan_test(
        name = name + "_asan",
        size = size,
        actual = name,
        args = args,
        env = env,
        tags = tags + ["asan"],
        **both
    )
