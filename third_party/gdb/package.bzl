"""Targets of @gdb: the debugger, called by path: external/gdb/bin/gdb."""

def package_targets():
    """Declares the targets of @gdb."""
    native.exports_files(
        ["BUILD.bazel", "bin/gdb"],
        visibility = ["//visibility:public"],
    )
    native.filegroup(
        name = "gdb",
        srcs = [
            "bin/gdb",
            "lib",
            "usr",
        ],
        visibility = ["//visibility:public"],
    )
