"""What tools/cellc needs of the build: flags, headers, interfaces, run-time functions."""

load("//tools/rules:cell_compile.bzl", "CC_ATTRS", "CC_TOOLCHAINS", "compile_flags")
load("//tools/rules:cell_interface.bzl", "CellInfo")
load("//tools/rules:theseus_transition.bzl", "ALLOWLIST", "theseus_transition")

def _own_headers(info):
    """The headers of this repository that a target brings, its own and those that they include."""
    headers = info.compilation_context.headers.to_list()
    return [file for file in headers if not file.short_path.startswith("../")]

def _archives(info):
    return [
        library.static_library
        for input in info.linking_context.linker_inputs.to_list()
        for library in input.libraries
    ]

def _cell_kit_impl(ctx):
    output = ctx.actions.declare_file(ctx.label.name)
    core = ctx.attr._core_interface[CellInfo].interface
    runtime = _archives(ctx.attr._runtime[CcInfo])
    headers = depset(transitive = [
        depset(_own_headers(library[CcInfo]))
        for library in ctx.attr.libraries
    ]).to_list()
    flags = compile_flags(ctx, cc_common.create_compilation_context())
    lines = ["flag " + flag for flag in flags]
    lines += ["header " + file.short_path for file in headers]
    lines += ["runtime " + file.short_path for file in runtime]
    lines.append("core " + core.short_path)
    files = headers + runtime + [core]
    for cell in ctx.attr.cells:
        info = cell[CellInfo]
        own = _own_headers(cell[CcInfo])
        lines.append(" ".join(
            ["cell", info.name, info.interface.short_path] + [file.short_path for file in own],
        ))
        files += own + [info.interface]
    ctx.actions.write(output, "\n".join(lines) + "\n")
    return [DefaultInfo(
        files = depset([output]),
        runfiles = ctx.runfiles([output] + files),
    )]

cell_kit = rule(
    implementation = _cell_kit_impl,
    attrs = dict({
        "cells": attr.label_list(
            doc = "The cells that list out_of_tree; others are not visible here.",
            providers = [CellInfo],
        ),
        "libraries": attr.label_list(
            doc = "Headers that every cell may include.",
            providers = [CcInfo],
        ),
        "_core_interface": attr.label(default = "//nano_core/api:nano_core.interface"),
        "_runtime": attr.label(default = "//tools/cell_runtime", providers = [CcInfo]),
    }, **dict(ALLOWLIST, **CC_ATTRS)),
    cfg = theseus_transition,
    fragments = ["cpp"],
    toolchains = CC_TOOLCHAINS,
)
