"""A command of the shell that only tests have: they add its cell to the archive of an image.

    test_command(
        name = "command_free_check",
        state = {"free_check_frames": "kept_frames_t:1"},
        summary = "free_check keep|same: compares how much memory is free",
    )

    qemu_test(
        name = "bad_objects_test",
        adds = {":command_free_check.cell": "command_free_check"},
        ...
    )
"""

load("//tools/rules:theseus_cell.bzl", "theseus_cell")

def test_command(
        name,
        summary,
        srcs = None,
        exports = None,
        deps = [],
        visibility = ["//cells/shell:__pkg__"],
        **kwargs):
    """Declares the cell of a command; see the head of this file.

    Args:
      name: command_WORD.
      summary: as of any cell; it begins with how the command is called.
      srcs: C files; NAME.c where none are named.
      exports: what it publishes; NAME_step alone where nothing is named.
      deps: what it needs beside the patterns.
      visibility: its clients by name; the shell.
      **kwargs: as of theseus_cell.
    """
    theseus_cell(
        name = name,
        testonly = True,
        srcs = srcs or [name + ".c"],
        exports = exports or [name + "_step"],
        summary = summary,
        visibility = visibility,
        deps = deps + ["//patterns"],
        **kwargs
    )
