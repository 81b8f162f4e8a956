"""What a cell publishes, as its clients see it: headers to compile with, and fingerprints."""

load(
    "//tools/rules:cell_compile.bzl",
    "CC_ATTRS",
    "CC_TOOLCHAINS",
    "compile_flags",
    "compile_inputs",
)

CellInfo = provider(
    doc = "A cell, as far as its clients may know it.",
    fields = {
        "headers": "The public headers themselves, a list of files.",
        "interface": "The file NAME.interface: a line for each published function.",
        "name": "The name of the interface.",
    },
)

def _headers_only_impl(ctx):
    return [cc_common.merge_cc_infos(cc_infos = [
        CcInfo(compilation_context = dep[CcInfo].compilation_context)
        for dep in ctx.attr.deps
    ])]

headers_only = rule(
    implementation = _headers_only_impl,
    doc = "The headers of other targets without their code: objects meet at load time.",
    attrs = {"deps": attr.label_list(providers = [CcInfo])},
    provides = [CcInfo],
)

def fingerprint_action(ctx, output, headers, sources, exports, prefix, states, direct, deps):
    """Writes an interface file.

    Args:
      ctx: of the rule, which has FINGERPRINT_ATTRS.
      output: the file to write.
      headers: the public headers.
      sources: the C files.
      exports: what is published, exactly.
      prefix: what each name begins with, less the underscore; None for any.
      states: strings NAME:TYPE:VERSION.
      direct: names of functions that count without being marked.
      deps: the CcInfo of everything that is included.
    """
    context = deps.compilation_context
    arguments = ctx.actions.args()
    arguments.add("--output", output)
    arguments.add_all(headers, before_each = "--header")
    arguments.add_all(sources, before_each = "--source")
    arguments.add_all(exports, before_each = "--export")
    arguments.add_all(states, before_each = "--state")
    arguments.add_all(direct, before_each = "--direct")
    if prefix != None:
        arguments.add("--prefix", prefix)
    arguments.add("--")
    arguments.add_all(compile_flags(ctx, context))
    ctx.actions.run(
        outputs = [output],
        inputs = depset(headers + sources, transitive = [compile_inputs(ctx, context)]),
        executable = ctx.executable._fingerprint,
        arguments = [arguments],
        mnemonic = "Fingerprint",
        progress_message = "Taking fingerprints of {}".format(ctx.label),
    )

FINGERPRINT_ATTRS = dict({
    "_fingerprint": attr.label(
        default = "//tools/fingerprint",
        cfg = "host",
        executable = True,
    ),
}, **CC_ATTRS)

def _core_interface_impl(ctx):
    output = ctx.actions.declare_file(ctx.label.name)
    fingerprint_action(
        ctx,
        output = output,
        headers = ctx.files.hdrs,
        sources = [],
        exports = [],
        prefix = None,
        states = [],
        direct = ctx.attr.direct,
        deps = ctx.attr.library[CcInfo],
    )
    return [
        DefaultInfo(files = depset([output])),
        CellInfo(headers = ctx.files.hdrs, interface = output, name = ctx.attr.interface),
    ]

core_interface = rule(
    implementation = _core_interface_impl,
    doc = "The interface file of nano_core's own functions.",
    attrs = dict({
        "direct": attr.string_list(doc = "Functions that are bound without a gate frame."),
        "hdrs": attr.label_list(allow_files = [".h"], mandatory = True),
        "interface": attr.string(default = "nano_core"),
        "library": attr.label(providers = [CcInfo], mandatory = True),
    }, **FINGERPRINT_ATTRS),
    fragments = ["cpp"],
    toolchains = CC_TOOLCHAINS,
)
