"""`bazel run` of an image: theseus_run(name = "theseus", image = ":image")."""

load("//tools/rules:boot_image.bzl", "ImageInfo")
load("//tools/rules:machine_launcher.bzl", "LAUNCHER_ATTRS", "launcher")

def _theseus_run_impl(ctx):
    debug = []
    if ImageInfo in ctx.attr.image:
        debug = ctx.attr.image[ImageInfo].debug.to_list()
    flags = ["--debug=" + file.short_path for file in debug] + ctx.attr.flags
    return [launcher(ctx, flags, debug)]

theseus_run = rule(
    implementation = _theseus_run_impl,
    doc = "Boots an image in QEMU. What follows `--` on the command line are flags of " +
          "//testing/qemu:theseus_run; --help lists them.",
    attrs = dict({
        "flags": attr.string_list(doc = "Flags that stand before the user's."),
    }, **LAUNCHER_ATTRS),
    executable = True,
)
