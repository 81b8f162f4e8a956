"""A test that walks through a machine one instruction at a time."""

load("@rules_cc//cc:defs.bzl", "cc_test")

def step_test(
        name,
        size = "medium",
        tags = [],
        data = ["//testing/step:specimens"],
        deps = ["//testing/step:scenario"],
        **kwargs):
    """Declares NAME, a GoogleTest in NAME.cc that drives a machine by //testing/step.

    Args:
      name: of the test.
      size: as of any test.
      tags: as of any test; "qemu" and the number of processors are added.
      data: the specimens that it adds to the archive.
      deps: its fixture.
      **kwargs: passed on to cc_test.
    """
    cc_test(
        name = name,
        size = size,
        srcs = [name + ".cc"],
        data = data + [
            "//:image",
            "//tools/archive",
            "@qemu//:qemu",
        ],
        linkstatic = True,
        tags = tags + ["cpu:2", "qemu"],
        target_compatible_with = ["//platforms:hosted"],
        deps = deps + ["@googletest//:gtest_main"],
        **kwargs
    )
