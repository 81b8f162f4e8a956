"""`bazel run` of an image: theseus_run(name = "theseus", image = ":image")."""

load("//tools/rules:machine_launcher.bzl", "LAUNCHER_ATTRS", "launcher")

def _theseus_run_impl(ctx):
    return [launcher(ctx, ctx.attr.flags)]

theseus_run = rule(
    implementation = _theseus_run_impl,
    doc = "Boots an image in QEMU. What follows `--` on the command line are flags of " +
          "//testing/qemu:theseus_run; --help lists them.",
    attrs = dict({
        "flags": attr.string_list(doc = "Flags that stand before the user's."),
    }, **LAUNCHER_ATTRS),
    executable = True,
)
