"""A test that walks through a machine one instruction at a time."""

load("@rules_cc//cc:defs.bzl", "cc_test")

def step_test(name, size = "medium", tags = [], **kwargs):
    """Declares NAME, a GoogleTest in NAME.cc over //testing/step:scenario.

    Args:
      name: of the test.
      size: as of any test.
      tags: as of any test; "qemu" and the number of processors are added.
      **kwargs: passed on to cc_test.
    """
    cc_test(
        name = name,
        size = size,
        srcs = [name + ".cc"],
        data = [
            "//:image",
            "//testing/step:specimens",
            "//tools/archive",
            "@qemu//:qemu",
        ],
        linkstatic = True,
        tags = tags + ["cpu:2", "qemu"],
        target_compatible_with = ["//platforms:hosted"],
        deps = [
            "//testing/step:scenario",
            "@googletest//:gtest_main",
        ],
        **kwargs
    )
