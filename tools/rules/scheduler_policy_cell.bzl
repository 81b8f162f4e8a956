"""A cell that is one policy of the scheduler: one function from one file, and its test."""

load("//tools/rules:host_test.bzl", "host_test")
load("//tools/rules:theseus_cell.bzl", "theseus_cell")

def scheduler_policy_cell(name, **kwargs):
    """Declares the cell NAME, which implements `scheduler_policy`, and NAME_test.

    Args:
      name: of the cell; its file is NAME.c, its test NAME_test.cc.
      **kwargs: passed on to theseus_cell (summary, visibility, deps, hdrs).
    """

    # The test of policies that take over from each other compiles it under another name.
    native.exports_files(
        [name + ".c"],
        visibility = ["//testing/scheduling:__pkg__"],
    )
    theseus_cell(
        name = name,
        srcs = [name + ".c"],
        exports = ["scheduler_policy_place"],
        implements = "scheduler_policy",
        **kwargs
    )
    host_test(
        name = name + "_test",
        srcs = [name + "_test.cc"],
        deps = [
            ":" + name,
            "//testing/scheduling:simulation",
        ],
    )
