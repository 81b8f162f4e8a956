"""nano_core's table of what it publishes, as C source, from the fingerprints of its api."""

load("//tools/rules:cell_interface.bzl", "CellInfo")

# Lines `FUNCTION FINGERPRINT SHAPE`; others (state) are none of nano_core's.
_COMMAND = "sed -nE 's/^([a-z0-9_]+) ([0-9a-f]{16}) ([^ ]+)$/CORE_EXPORT(\\1, 0x\\2, \"\\3\")/p' \"$1\" > \"$2\""

def _core_exports_impl(ctx):
    interface = ctx.attr.interface[CellInfo].interface
    ctx.actions.run_shell(
        outputs = [ctx.outputs.out],
        inputs = [interface],
        command = _COMMAND,
        arguments = [interface.path, ctx.outputs.out.path],
        mnemonic = "CoreExports",
        progress_message = "Listing what nano_core publishes",
    )
    return [DefaultInfo(files = depset([ctx.outputs.out]))]

core_exports = rule(
    implementation = _core_exports_impl,
    attrs = {
        "interface": attr.label(mandatory = True, providers = [CellInfo]),
        "out": attr.output(mandatory = True),
    },
)
