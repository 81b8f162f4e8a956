"""Targets of @nginx: the server, called by path: external/nginx/bin/nginx."""

def package_targets():
    """Declares the targets of @nginx."""
    native.exports_files(["BUILD.bazel"], visibility = ["//visibility:public"])
    native.filegroup(
        name = "nginx",
        srcs = [
            "bin/nginx",
            "lib",
            "usr",
        ],
        visibility = ["//visibility:public"],
    )
