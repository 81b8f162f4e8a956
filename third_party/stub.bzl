"""A repository of empty targets, for one that Bazel names but this project never uses."""

def _stub_impl(rctx):
    rctx.file("BUILD.bazel", "".join([
        "filegroup(name = \"{}\", visibility = [\"//visibility:public\"])\n".format(target)
        for target in rctx.attr.targets
    ]))

stub = repository_rule(
    implementation = _stub_impl,
    attrs = {"targets": attr.string_list(mandatory = True)},
)
