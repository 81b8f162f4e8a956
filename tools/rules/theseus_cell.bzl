"""A cell: a library for host tests, and one separately loaded object for the machine.

theseus_cell(name = "keyboard", ...) in //cells/keyboard declares

  :keyboard            the code, compiled for the platform at hand; for host tests, and as the
                       dependency of the cells that may call it
  :keyboard.cell       keyboard.o, keyboard.debug and keyboard.interface, for the machine

The object is made so: compile, check the dialect, take the fingerprints of what is published, link
to one relocatable object with local copies of memcpy and its like, localise all but the exports,
split off the debug information, write the manifest from all that, stamp and verify.
"""

load("@rules_cc//cc:defs.bzl", "cc_library")
load("//tools/rules:cell_compile.bzl", "CC_TOOLCHAINS", "compile_flags", "compile_inputs")
load(
    "//tools/rules:cell_interface.bzl",
    "CellInfo",
    "FINGERPRINT_ATTRS",
    "fingerprint_action",
    "headers_only",
)
load("//tools/rules:theseus_transition.bzl", "ALLOWLIST", "theseus_transition")

RIGHTS = ["port_io", "mmio", "interrupts", "cycle_counter", "msr"]

# Who may pack, load and test objects; an object gives nobody the cell's headers.
_OBJECT_USERS = [
    "//:__pkg__",
    "//platforms:__subpackages__",
    "//testing:__subpackages__",
    "//tools:__subpackages__",
]

CellObjectInfo = provider(
    doc = "The object of a cell.",
    fields = {
        "debug": "Its debug information.",
        "interface": "What it publishes.",
        "name": "The cell's own name.",
        "object": "The file NAME.o.",
    },
)

def _client(label, entry):
    """The name of the client that a visibility entry admits."""
    package, _, target = entry.partition(":")
    if not package.startswith("//") or target != "__pkg__":
        fail(("{}: visibility lists the clients by name, as in \"//cells/shell:__pkg__\"; \"{}\" " +
              "admits more than one").format(label, entry))
    path = package[2:].split("/")
    if path == ["nano_core"]:
        return "nano_core"
    if len(path) == 2 and path[0] == "cells":
        return path[1]
    if path[0] == "testing" and len(path) > 1:
        return path[-1]
    fail("{}: no client can live in \"{}\"; cells stand in //cells/NAME".format(label, package))

def clients_of(label, visibility, out_of_tree):
    """The client list of a cell's manifest.

    Args:
      label: of the cell, for messages.
      visibility: a list of strings, as the build file has it.
      read_window: of a driver: how many items that a read takes away from the device can be lost if
        the driver fails before they are in a blob. A cell that publishes NAME_interrupt declares
        it, and publishes NAME_reset; others only with a NAME_reset.
      out_of_tree: whether cells outside of the tree may call it.

    Returns:
      A list of names.
    """
    clients = {}
    for entry in visibility:
        clients[_client(label, entry)] = True
    return clients.keys() + (["out_of_tree"] if out_of_tree else [])

def _check(ctx):
    """Refuses what the build file gets wrong."""
    for right in ctx.attr.rights:
        if right not in RIGHTS:
            known = ", ".join(RIGHTS)
            fail("{}: unknown right \"{}\"; rights are {}".format(ctx.label, right, known))
    if ctx.attr.init not in ["lazy", "eager"]:
        fail("{}: init is \"lazy\" or \"eager\", not \"{}\"".format(ctx.label, ctx.attr.init))
    if not ctx.attr.summary or len(ctx.attr.summary) > 120 or "\n" in ctx.attr.summary:
        fail("{}: a summary of one line with at most 120 characters is wanted".format(ctx.label))
    prefix = _implements(ctx) + "_"
    for export in ctx.attr.exports:
        if not export.startswith(prefix):
            fail("{}: the export \"{}\" does not begin with \"{}\"".format(
                ctx.label,
                export,
                prefix,
            ))
    if not ctx.attr.exports:
        fail("{}: a cell that exports nothing cannot be called".format(ctx.label))

def _implements(ctx):
    return ctx.attr.implements or ctx.attr.cell

def _interface_headers(ctx):
    """The headers that declare what is published: its own, or those of the interface's cell."""
    if _implements(ctx) == ctx.attr.cell:
        return ctx.files.hdrs
    for provider in _providers(ctx):
        if provider.name == _implements(ctx):
            return ctx.files.hdrs + provider.headers
    return ctx.files.hdrs

def _providers(ctx):
    return [dep[CellInfo] for dep in ctx.attr.deps if CellInfo in dep]

def _states(ctx):
    """Strings NAME:TYPE:VERSION, sorted by name."""
    states = []
    for name in sorted(ctx.attr.state):
        type, separator, version = ctx.attr.state[name].rpartition(":")
        if not separator or not type or not version.isdigit():
            fail("{}: state \"{}\" is \"{}\"; \"TYPE:VERSION\" is wanted".format(
                ctx.label,
                name,
                ctx.attr.state[name],
            ))
        states.append("{}:{}:{}".format(name, type, version))
    return states

def _run_cell_check(ctx, infos):
    """Checks the dialect; the output only records that it was checked."""
    checked = ctx.actions.declare_file(ctx.attr.cell + ".checked")
    arguments = ctx.actions.args()
    arguments.add("--output", checked)
    arguments.add_all(ctx.attr.rights, before_each = "--right")
    arguments.add_all(ctx.files.srcs)
    arguments.add("--")
    arguments.add_all(compile_flags(ctx, infos.compilation_context))
    ctx.actions.run(
        outputs = [checked],
        inputs = depset(
            ctx.files.srcs + ctx.files.hdrs,
            transitive = [compile_inputs(ctx, infos.compilation_context)],
        ),
        executable = ctx.executable._cell_check,
        arguments = [arguments],
        mnemonic = "CellCheck",
        progress_message = "Checking the dialect of {}".format(ctx.label),
    )
    return checked

def _archives(info):
    """The static libraries of a target itself and of what it links."""
    return [
        library.static_library or library.pic_static_library
        for input in info.linking_context.linker_inputs.to_list()
        for library in input.libraries
        if library.static_library or library.pic_static_library
    ]

def _link(ctx):
    """One relocatable object of all compilation units, nothing localised yet."""
    whole = ctx.actions.declare_file(ctx.attr.cell + ".whole.o")
    code = _archives(ctx.attr.code[CcInfo])
    runtime = _archives(ctx.attr._runtime[CcInfo])
    arguments = ctx.actions.args()
    arguments.add("-r")
    arguments.add("--build-id=none")
    arguments.add("-o", whole)
    arguments.add("--whole-archive")
    arguments.add_all(code)
    arguments.add("--no-whole-archive")
    arguments.add_all(runtime)
    ctx.actions.run(
        outputs = [whole],
        inputs = depset(code + runtime, transitive = [ctx.attr._llvm_runtime.files]),
        executable = ctx.executable._linker,
        arguments = [arguments],
        mnemonic = "CellLink",
        progress_message = "Linking {}".format(ctx.label),
    )
    return whole

def _objcopy(ctx, input, suffix, arguments):
    output = ctx.actions.declare_file(ctx.attr.cell + suffix)
    ctx.actions.run(
        outputs = [output],
        inputs = depset([input], transitive = [ctx.attr._llvm_runtime.files]),
        executable = ctx.executable._objcopy,
        arguments = arguments + [input.path, output.path],
        mnemonic = "CellObjcopy",
        progress_message = "Splitting {}".format(ctx.label),
    )
    return output

def _localise(ctx, whole):
    """The object without debug information, with only the exports global; and the rest."""
    debug = _objcopy(ctx, whole, ".debug", ["--only-keep-debug"])
    bare = _objcopy(ctx, whole, ".bare.o", [
        "--strip-debug",
        "--remove-section=.comment",
        "--remove-section=.note.GNU-stack",
        "--remove-section=.llvm_addrsig",
    ] + ["--keep-global-symbol=" + export for export in ctx.attr.exports])
    return struct(bare = bare, debug = debug)

def _stamp(ctx, bare, interface, checked):
    """Writes the manifest into the object, then verifies the result."""
    output = ctx.actions.declare_file(ctx.attr.cell + ".o")
    imports = [(provider.name, provider.interface) for provider in _providers(ctx)]
    imports.append(("nano_core", ctx.attr._core_interface[CellInfo].interface))
    arguments = ctx.actions.args()
    arguments.add("build")
    arguments.add("--output", output)
    arguments.add("--name", ctx.attr.cell)
    arguments.add("--implements", _implements(ctx))
    arguments.add("--interface-version", str(ctx.attr.interface))
    arguments.add("--version", str(ctx.attr.version))
    arguments.add("--summary", ctx.attr.summary)
    arguments.add("--init", ctx.attr.init)
    arguments.add("--stack", str(ctx.attr.stack))
    if ctx.attr.read_window >= 0:
        arguments.add("--read-window", str(ctx.attr.read_window))
    arguments.add("--exports", interface)
    for name, file in imports:
        arguments.add("--imports", "{}={}".format(name, file.path))
    arguments.add_all(ctx.attr.exports, before_each = "--export")
    arguments.add_all(ctx.attr.rights, before_each = "--right")
    arguments.add_all(
        clients_of(ctx.label, ctx.attr.clients, ctx.attr.out_of_tree),
        before_each = "--client",
    )
    arguments.add(bare)
    ctx.actions.run(
        outputs = [output],
        inputs = [bare, interface, checked] + [file for _, file in imports],
        executable = ctx.executable._cell_object,
        arguments = [arguments],
        mnemonic = "CellObject",
        progress_message = "Stamping {}".format(ctx.label),
    )
    return output

def _cell_object_impl(ctx):
    _check(ctx)
    infos = ctx.attr.code[CcInfo]
    interface = ctx.actions.declare_file(ctx.attr.cell + ".interface")
    fingerprint_action(
        ctx,
        output = interface,
        headers = _interface_headers(ctx),
        sources = ctx.files.srcs,
        exports = ctx.attr.exports,
        prefix = _implements(ctx),
        states = _states(ctx),
        direct = [],
        deps = infos,
    )
    checked = _run_cell_check(ctx, infos)
    parts = _localise(ctx, _link(ctx))
    output = _stamp(ctx, parts.bare, interface, checked)
    return [
        DefaultInfo(files = depset([output])),
        OutputGroupInfo(
            checked = depset([checked]),
            debug = depset([parts.debug]),
            interface = depset([interface]),
        ),
        CellObjectInfo(
            debug = parts.debug,
            interface = interface,
            name = ctx.attr.cell,
            object = output,
        ),
    ]

def _tool(label):
    return attr.label(default = label, cfg = "host", executable = True, allow_files = True)

_cell_object = rule(
    implementation = _cell_object_impl,
    attrs = dict({
        "cell": attr.string(mandatory = True),
        "clients": attr.string_list(),
        "code": attr.label(providers = [CcInfo], mandatory = True),
        "deps": attr.label_list(providers = [CcInfo]),
        "exports": attr.string_list(),
        "hdrs": attr.label_list(allow_files = [".h"]),
        "implements": attr.string(),
        "init": attr.string(),
        "interface": attr.int(),
        "out_of_tree": attr.bool(),
        "read_window": attr.int(default = -1),
        "rights": attr.string_list(),
        "srcs": attr.label_list(allow_files = [".c"], mandatory = True),
        "stack": attr.int(),
        "state": attr.string_dict(),
        "summary": attr.string(),
        "version": attr.int(),
        "_cell_check": _tool("//tools/cell_check"),
        "_cell_object": _tool("//tools/cell_object"),
        "_core_interface": attr.label(default = "//nano_core/api:nano_core.interface"),
        "_linker": _tool("@llvm//:bin/ld.lld"),
        "_llvm_runtime": attr.label(default = "@llvm//:runtime"),
        "_objcopy": _tool("@llvm//:bin/llvm-objcopy"),
        "_runtime": attr.label(default = "//tools/cell_runtime", providers = [CcInfo]),
    }, **dict(ALLOWLIST, **FINGERPRINT_ATTRS)),
    cfg = theseus_transition,
    fragments = ["cpp"],
    provides = [CellObjectInfo],
    toolchains = CC_TOOLCHAINS,
)

def _cell_library_impl(ctx):
    return [
        ctx.attr.code[CcInfo],
        ctx.attr.code[DefaultInfo],
        CellInfo(
            headers = ctx.files.hdrs,
            interface = ctx.attr.object[CellObjectInfo].interface,
            name = ctx.attr.implements or ctx.attr.cell,
        ),
    ]

_cell_library = rule(
    implementation = _cell_library_impl,
    doc = "What the clients and the host tests of a cell depend on.",
    attrs = {
        "cell": attr.string(mandatory = True),
        "code": attr.label(providers = [CcInfo], mandatory = True),
        "hdrs": attr.label_list(allow_files = [".h"]),
        "implements": attr.string(),
        "object": attr.label(providers = [CellObjectInfo], mandatory = True),
    },
    provides = [CcInfo, CellInfo],
)

def theseus_cell(
        name,
        srcs,
        exports,
        summary,
        visibility,
        hdrs = [],
        deps = [],
        state = {},
        rights = [],
        implements = None,
        version = 1,
        interface = 1,
        init = "lazy",
        stack = 4096,
        read_window = None,
        out_of_tree = False,
        tags = [],
        testonly = False):
    """Declares a cell; see the head of this file.

    Args:
      name: of the cell, and of the interface unless `implements` names another.
      srcs: C files.
      exports: the functions that it publishes, exactly; each begins with the interface's name.
      summary: one line of at most 120 characters, which `help` shows.
      visibility: its clients by name: "//cells/shell:__pkg__", "//nano_core:__pkg__".
      hdrs: the one public header; none where it implements another cell's interface. An interface
        that has no cell of its own name is declared by the first of those that implement it.
      deps: the cells that it calls (or whose interface it implements), and patterns.
      state: blobs that it works on: {"keyboard_queue": "keyboard_queue_t:1"}, type and version.
      rights: hardware that it touches; one of RIGHTS each.
      implements: the interface, where it is not its own.
      version: of the cell; more with each change that is shipped.
      interface: version of the interface.
      init: "eager" to be initialised when it is loaded, "lazy" when it is first needed.
      stack: bound of its stack use in bytes.
      out_of_tree: whether cells outside of the tree may call it.
      tags: as of any target.
      testonly: as of any target.
    """
    users = visibility + (["//tools/cellc:__pkg__"] if out_of_tree else [])
    headers_only(
        name = name + "_deps",
        tags = tags,
        testonly = testonly,
        visibility = ["//visibility:private"],
        deps = deps + ["//nano_core/api"],
    )
    cc_library(
        name = name + "_code",
        tags = tags,
        testonly = testonly,
        srcs = srcs,
        hdrs = hdrs,
        linkstatic = True,
        # Its suites compile the code once more, but not the object; they are no clients.
        visibility = ["//testing/interleave:__pkg__"],
        deps = [name + "_deps"],
    )
    _cell_object(
        name = name + ".cell",
        cell = name,
        tags = tags,
        testonly = testonly,
        srcs = srcs,
        hdrs = hdrs,
        clients = visibility,
        code = name + "_code",
        deps = deps,
        exports = exports,
        implements = implements,
        init = init,
        interface = interface,
        out_of_tree = out_of_tree,
        read_window = -1 if read_window == None else read_window,
        rights = rights,
        stack = stack,
        state = state,
        summary = summary,
        version = version,
        visibility = _OBJECT_USERS,
    )
    _cell_library(
        name = name,
        cell = name,
        tags = tags,
        testonly = testonly,
        hdrs = hdrs,
        code = name + "_code",
        implements = implements,
        object = name + ".cell",
        visibility = users,
    )
