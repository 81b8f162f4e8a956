"""What //:theseus, every qemu_test and the benchmarks have in common: starting the runner."""

LAUNCHER_ATTRS = {
    "image": attr.label(
        doc = "A boot_image, or anything else whose files are nano_core.elf and cells.cpio.",
        mandatory = True,
    ),
    "iso": attr.label(
        allow_single_file = True,
        doc = "What --media boots: an iso of the same image.",
    ),
    "_font": attr.label(default = "@grub//:font"),
    "_archive_tool": attr.label(
        cfg = "target",
        default = "//tools/archive",
        executable = True,
    ),
    "_qemu": attr.label(default = "@qemu//:qemu"),
    "_runner": attr.label(
        cfg = "target",
        default = "//testing/qemu:theseus_run",
        executable = True,
    ),
}

_PROGRAM = "external/qemu/bin/qemu-system-x86_64"
_TEXT_FONT = "external/qemu/usr/share/seabios/vgabios-stdvga.bin"

# Called by hand the program stands beside its runfiles; `bazel run`, tests and other programs
# start it within theirs.
_LAUNCHER = """#!/bin/sh
# Boots the image that the build made.
set -eu
if [ -d "$0.runfiles" ]; then
  export BUILD_WORKING_DIRECTORY="${{BUILD_WORKING_DIRECTORY:-$PWD}}"
  cd "$0.runfiles/{workspace}"
fi
exec {arguments} "$@"
"""

def _quoted(word):
    return "'" + word.replace("'", "'\\''") + "'"

def _image_file(ctx, name):
    for file in ctx.files.image:
        if file.basename == name:
            return file
    fail("{}: {} has no file {}; an image is what boot_image makes".format(
        ctx.label,
        ctx.attr.image.label,
        name,
    ))

def launcher(ctx, flags = [], files = []):
    """Writes the program that boots an image with fixed flags, and then its caller's.

    Args:
      ctx: of a rule with LAUNCHER_ATTRS.
      flags: strings; paths in them are relative to the workspace's runfiles.
      files: what the flags name.

    Returns:
      A DefaultInfo with the executable and its runfiles.
    """
    kernel = _image_file(ctx, "nano_core.elf")
    archive = _image_file(ctx, "cells.cpio")
    arguments = [
        ctx.executable._runner.short_path,
        "--qemu=" + _PROGRAM,
        "--kernel=" + kernel.short_path,
        "--archive=" + archive.short_path,
        "--archive-tool=" + ctx.executable._archive_tool.short_path,
        # A file of another repository lies beside this one's in the runfiles.
        "--font=" + ctx.files._font[0].path,
        "--text-font=" + _TEXT_FONT,
    ] + (["--iso=" + ctx.file.iso.short_path] if ctx.file.iso else []) + flags
    executable = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.write(
        executable,
        _LAUNCHER.format(
            arguments = " ".join([_quoted(argument) for argument in arguments]),
            workspace = ctx.workspace_name,
        ),
        is_executable = True,
    )
    runfiles = ctx.runfiles([kernel, archive] + ctx.files.iso + files + ctx.files._font + ctx.files._qemu)
    for program in [ctx.attr._runner, ctx.attr._archive_tool]:
        runfiles = runfiles.merge(program[DefaultInfo].default_runfiles)
    return DefaultInfo(executable = executable, runfiles = runfiles)
