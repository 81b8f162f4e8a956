"""Targets of @sysroot: headers and libraries of host programs, as whole folders.

A folder is one input of an action; its 2,500 files one by one would cost each
sandbox seconds.
"""

def package_targets():
    """Declares the targets of @sysroot."""
    native.exports_files(["BUILD.bazel"], visibility = ["//visibility:public"])
    native.filegroup(
        name = "headers",
        srcs = [
            "usr/include",
            "usr/lib/gcc",  # the C++ headers are found from here
        ],
        visibility = ["//visibility:public"],
    )
    native.filegroup(
        name = "link",
        srcs = [
            "lib",
            "lib64",
            "usr/lib",
        ],
        visibility = ["//visibility:public"],
    )
    native.filegroup(
        name = "runtime",
        srcs = ["lib", "usr/lib/x86_64-linux-gnu"],
        visibility = ["//visibility:public"],
    )
