"""A medium that boots an image on a PC: CD, disk or stick, by BIOS or UEFI.

    iso(
        name = "iso",
        out = "theseus.iso",
        image = ":image",
    )

GRUB reads it and starts nano_core by multiboot2. The same image gives the same bytes.
"""

# The folder that holds GRUB and its tools, as an action sees it.
_GRUB = "external/grub"

def _image_file(ctx, name):
    """A file of the image; None if it lacks it."""
    for file in ctx.files.image:
        if file.basename == name:
            return file
    return None

def _iso_impl(ctx):
    nano_core = _image_file(ctx, "nano_core.elf")
    if not nano_core:
        fail("{}: {} has no file nano_core.elf; an image is what boot_image makes".format(
            ctx.label,
            ctx.attr.image.label,
        ))
    archive = ctx.file.archive or _image_file(ctx, "cells.cpio")
    arguments = ctx.actions.args()
    arguments.add(_GRUB)
    arguments.add(nano_core)
    arguments.add(archive.path if archive and not ctx.attr.without_archive else "")
    arguments.add(ctx.outputs.out)
    arguments.add(str(ctx.attr.menu_seconds))
    arguments.add(ctx.attr.command_line)
    ctx.actions.run(
        outputs = [ctx.outputs.out],
        inputs = [nano_core] + ([archive] if archive else []) + ctx.files._grub,
        executable = ctx.executable._make_iso,
        arguments = [arguments],
        mnemonic = "Iso",
        progress_message = "Writing {}".format(ctx.outputs.out.short_path),
    )
    files = depset([ctx.outputs.out])
    return [DefaultInfo(files = files, runfiles = ctx.runfiles(transitive_files = files))]

_iso = rule(
    implementation = _iso_impl,
    attrs = {
        "archive": attr.label(allow_single_file = True),
        "command_line": attr.string(),
        "image": attr.label(mandatory = True),
        "menu_seconds": attr.int(default = 1),
        "out": attr.output(mandatory = True),
        "without_archive": attr.bool(),
        "_grub": attr.label(default = "@grub//:tools"),
        "_make_iso": attr.label(default = "//tools/iso:make_iso", cfg = "host", executable = True),
    },
)

def iso(name, image, out = None, **kwargs):
    """Declares a medium.

    Args:
      name: of the target.
      image: a boot_image, or anything else whose files are nano_core.elf and cells.cpio.
      out: name of the file; NAME.iso if not given.
      **kwargs: command_line, for the kernel (of the menu's first entry); menu_seconds, how long the
        menu waits; archive, in place of the image's cells.cpio; without_archive, to show what comes
        of that; and what any target takes.
    """
    _iso(
        name = name,
        image = image,
        out = out or name + ".iso",
        **kwargs
    )
