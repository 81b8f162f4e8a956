"""Targets of @tsan: what programs with ThreadSanitizer are linked with."""

def package_targets():
    """Declares the targets of @tsan."""
    native.exports_files(["BUILD.bazel"], visibility = ["//visibility:public"])
    native.filegroup(
        name = "libraries",
        srcs = ["usr/lib/llvm-22/lib/clang/22/lib/linux"],
        visibility = ["//visibility:public"],
    )
