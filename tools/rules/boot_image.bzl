"""A bootable image: nano_core, and the archive of the cells that a text file lists."""

load("//tools/rules:theseus_cell.bzl", "CellObjectInfo")
load("//tools/rules:theseus_transition.bzl", "ALLOWLIST", "theseus_transition")

ImageInfo = provider(
    doc = "What boots.",
    fields = {
        "archive": "The file cells.cpio.",
        "debug": "A depset of the cells' debug information.",
        "hashes": "The file image.sha256: a line `HASH  NAME` for each of the other two.",
        "nano_core": "The file nano_core.elf.",
    },
)

def _manifest(ctx, cells):
    """The manifest of the archive: the list, after it was checked against the cells."""
    output = ctx.actions.declare_file(ctx.label.name + "/image.manifest")
    arguments = ctx.actions.args()
    arguments.add(str(ctx.label))
    arguments.add(ctx.file.manifest)
    arguments.add(output)
    arguments.add_all([cell.name for cell in cells])
    ctx.actions.run(
        outputs = [output],
        inputs = [ctx.file.manifest],
        executable = ctx.executable._boot_image,
        arguments = [arguments],
        mnemonic = "ImageManifest",
        progress_message = "Checking the cells of {}".format(ctx.label),
    )
    return output

def _archive(ctx, manifest, cells):
    output = ctx.actions.declare_file(ctx.label.name + "/cells.cpio")
    arguments = ctx.actions.args()
    arguments.add("create")
    arguments.add("--manifest", manifest)
    arguments.add("-o", output)
    for cell in cells:
        arguments.add("{}={}".format(cell.name, cell.object.path))
    ctx.actions.run(
        outputs = [output],
        inputs = [manifest] + [cell.object for cell in cells],
        executable = ctx.executable._archive,
        arguments = [arguments],
        mnemonic = "ImageArchive",
        progress_message = "Packing the cells of {}".format(ctx.label),
    )
    return output

def _hashes(ctx, files):
    output = ctx.actions.declare_file(ctx.label.name + "/image.sha256")
    ctx.actions.run_shell(
        outputs = [output],
        inputs = files,
        command = "out=$PWD/$1; cd $2 && shift 2 && exec sha256sum -- \"$@\" >\"$out\"",
        arguments = [output.path, output.dirname] + [file.basename for file in files],
        mnemonic = "ImageHashes",
        progress_message = "Hashing {}".format(ctx.label),
    )
    return output

def _boot_image_impl(ctx):
    cells = [cell[CellObjectInfo] for cell in ctx.attr.cells]
    nano_core = ctx.actions.declare_file(ctx.label.name + "/nano_core.elf")
    ctx.actions.run_shell(
        outputs = [nano_core],
        inputs = ctx.files.nano_core,
        command = "cp \"$1\" \"$2\"",
        arguments = [ctx.files.nano_core[0].path, nano_core.path],
        mnemonic = "ImageCore",
        progress_message = "Copying nano_core of {}".format(ctx.label),
    )
    archive = _archive(ctx, _manifest(ctx, cells), cells)
    hashes = _hashes(ctx, [nano_core, archive])
    files = depset([nano_core, archive, hashes])
    debug = depset([cell.debug for cell in cells])
    return [
        DefaultInfo(files = files, runfiles = ctx.runfiles(transitive_files = files)),
        OutputGroupInfo(debug = debug),
        ImageInfo(archive = archive, debug = debug, hashes = hashes, nano_core = nano_core),
    ]

_boot_image = rule(
    implementation = _boot_image_impl,
    attrs = dict({
        "cells": attr.label_list(providers = [CellObjectInfo]),
        "manifest": attr.label(allow_single_file = [".cells"], mandatory = True),
        "nano_core": attr.label(
            allow_files = True,
            cfg = theseus_transition,
            mandatory = True,
        ),
        "_archive": attr.label(default = "//tools/archive", cfg = "host", executable = True),
        "_boot_image": attr.label(default = "//tools/boot_image", cfg = "host", executable = True),
    }, **ALLOWLIST),
    provides = [ImageInfo],
)

def _object_label(cell):
    """//cells/log -> //cells/log:log.cell"""
    if ":" in cell:
        return cell if cell.endswith(".cell") else cell + ".cell"
    return "{}:{}.cell".format(cell, cell.rpartition("/")[2])

def boot_image(name, manifest, cells, nano_core = "//nano_core:nano_core.elf", **kwargs):
    """Declares an image: NAME/nano_core.elf, NAME/cells.cpio and NAME/image.sha256.

    Args:
      name: of the target, and of the folder of its files.
      manifest: a .cells file: a line `CELL  reason` for each cell, in the order in which they are
        loaded. Of several cells that implement one interface the first serves; the others lie
        ready.
      cells: the same cells, as labels. Where the two differ, the build says so.
      nano_core: the core.
      **kwargs: as of any target.
    """
    _boot_image(
        name = name,
        cells = [_object_label(cell) for cell in cells],
        manifest = manifest,
        nano_core = nano_core,
        **kwargs
    )
