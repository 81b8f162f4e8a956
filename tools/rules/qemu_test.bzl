"""A test that boots an image and judges what it does.

    qemu_test(
        name = "keyboard_swap_test",
        image = "//:image",
        adds = {"//cells/keymap_dvorak:keymap_dvorak.cell": "dvorak"},
        script = "keyboard_swap_test.script",
    )

    qemu_test(
        name = "heap_qemu_test",
        image = "//:image",
        test_cell = ":heap_test_cell.cell",
    )

A test cell NAME publishes NAME_run and prints its results as TAP lines. The verdict is the runner's
exit status; the XML file has a case for each line of the script and for each TAP result.
"""

load("//tools/rules:machine_launcher.bzl", "LAUNCHER_ATTRS", "launcher")
load("//tools/rules:theseus_transition.bzl", "ALLOWLIST", "theseus_transition")

# Seconds that Bazel gives a test of each size, less some in which the runner tells what is wrong.
_SECONDS = {
    "enormous": 3500,
    "large": 850,
    "medium": 270,
    "small": 50,
}

def _object(ctx, target):
    objects = [file for file in target[DefaultInfo].files.to_list() if file.extension == "o"]
    if len(objects) != 1:
        fail("{}: {} must have one object file (.o), but has {}".format(
            ctx.label,
            target.label,
            len(objects),
        ))
    return objects[0]

def _check(ctx):
    has_script = ctx.file.script or ctx.attr.lines
    if not has_script and not ctx.attr.test_cell:
        fail("{}: says nothing to run; give it a script or a test_cell".format(ctx.label))
    if has_script and ctx.attr.test_cell:
        fail("{}: has both a script and a test_cell; make two tests of it".format(ctx.label))

def _script(ctx, test_name):
    """The file with the lines to run."""
    if ctx.file.script:
        return ctx.file.script
    lines = ctx.attr.lines or [
        "load {}".format(test_name),
        "call {0} {0}_run".format(test_name),
    ]
    script = ctx.actions.declare_file(ctx.label.name + ".script")
    ctx.actions.write(script, "\n".join(lines) + "\n")
    return script

def _qemu_test_impl(ctx):
    _check(ctx)
    objects = [
        (_object(ctx, target), name)
        for target, name in zip(ctx.attr.objects, ctx.attr.object_names)
    ]
    test_name = None
    if ctx.attr.test_cell:
        object = _object(ctx, ctx.attr.test_cell[0])
        test_name = object.basename[:-len(".o")]
        objects.append((object, test_name))
    script = _script(ctx, test_name)
    flags = ["--script=" + script.short_path, "--timeout=" + ctx.attr.seconds]
    flags += ["--add={}={}".format(object.short_path, name) for object, name in objects]
    flags += ["--tap"] if test_name else []
    files = [script] + [object for object, _ in objects] + ctx.files.data
    return [launcher(ctx, flags + ctx.attr.flags, files)]

_qemu_test = rule(
    implementation = _qemu_test_impl,
    attrs = dict({
        "data": attr.label_list(allow_files = True),
        "flags": attr.string_list(),
        "lines": attr.string_list(),
        "object_names": attr.string_list(),
        "objects": attr.label_list(cfg = theseus_transition),
        "script": attr.label(allow_single_file = True),
        "seconds": attr.string(),
        "test_cell": attr.label(cfg = theseus_transition),
    }, **dict(ALLOWLIST, **LAUNCHER_ATTRS)),
    test = True,
)

def qemu_test(
        name,
        image,
        script = None,
        adds = {},
        test_cell = None,
        iso = None,
        flags = [],
        data = [],
        size = "small",
        tags = [],
        **kwargs):
    """Declares a test that boots `image` and runs either a script or a test cell.

    Args:
      name: of the test.
      image: a boot_image.
      script: a file in the script language of //:theseus (docs/interface.md), or a list of its lines.
      adds: objects to put into the archive: {target: "NAME"}.
      test_cell: the object of a cell that checks something from within, `:NAME.cell`. It is added
        to the archive, loaded, and its NAME_run called; it must print TAP.
      iso: an iso of the image, for the flag --media.
      flags: more flags of //testing/qemu:theseus_run, such as "--icount".
      data: files that flags name, by their paths from the root, as in --extra=loader,file=PATH.
      size: as of any test; the script gets a little less time than the test.
      tags: as of any test; "qemu" and the number of processors are added.
      **kwargs: passed on (visibility, flaky, timeout, ...).
    """
    _qemu_test(
        name = name,
        image = image,
        data = data,
        flags = flags,
        iso = iso,
        lines = script if type(script) == "list" else [],
        object_names = adds.values(),
        objects = adds.keys(),
        script = None if type(script) == "list" else script,
        seconds = str(_SECONDS[size]),
        size = size,
        tags = tags + ["cpu:2", "qemu"],
        test_cell = test_cell,
        **kwargs
    )
