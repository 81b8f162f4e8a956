"""What the build files of an image's cells say about who calls whom, as a text file.

cell_intent(name = "intent.txt", image = "//:image") writes, for each cell,

    cell NAME INTERFACE
    client LABEL          for each entry of its visibility
    dep NAME              for each cell in its deps
"""

load("//tools/rules:cell_interface.bzl", "CellInfo")
load("//tools/rules:theseus_cell.bzl", "CellObjectInfo")

_IntentInfo = provider(
    doc = "What build files say.",
    fields = {"lines": "A list of lines."},
)

def _of_cell(attr):
    lines = ["cell {} {}".format(attr.cell, attr.implements or attr.cell)]
    lines += ["client " + client for client in attr.clients]
    lines += ["dep " + dep[CellInfo].name for dep in attr.deps if CellInfo in dep]
    return lines

def _intent_aspect_impl(target, ctx):
    if CellObjectInfo in target:
        return [_IntentInfo(lines = _of_cell(ctx.rule.attr))]
    cells = getattr(ctx.rule.attr, "cells", [])
    return [_IntentInfo(lines = [line for cell in cells for line in cell[_IntentInfo].lines])]

_intent_aspect = aspect(
    implementation = _intent_aspect_impl,
    attr_aspects = ["cells"],
)

def _cell_intent_impl(ctx):
    output = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.write(output, "\n".join(ctx.attr.image[_IntentInfo].lines) + "\n")
    return [DefaultInfo(files = depset([output]), runfiles = ctx.runfiles([output]))]

cell_intent = rule(
    implementation = _cell_intent_impl,
    attrs = {"image": attr.label(aspects = [_intent_aspect], mandatory = True)},
)
