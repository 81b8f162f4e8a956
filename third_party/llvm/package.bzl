"""Targets of @llvm: tools, libclang, and the compilers for //platforms/toolchain.

Folders, not globs, are the inputs: one folder costs a sandbox one link.
Actions and tests call tools by path: external/llvm/bin/NAME.
"""

load("@rules_cc//cc:defs.bzl", "cc_library")
load("//platforms/toolchain:compilers.bzl", "declare_compilers")

def package_targets():
    """Declares the targets of @llvm."""
    native.exports_files(
        native.glob(["bin/*"]) + ["BUILD.bazel"],
        visibility = ["//visibility:public"],
    )

    # What every tool needs beside its script in bin/.
    native.filegroup(
        name = "runtime",
        srcs = ["lib", "usr"],
        visibility = ["//visibility:public"],
    )
    native.filegroup(
        name = "tools",
        srcs = native.glob(["bin/*"]) + [":runtime"],
        visibility = ["//visibility:public"],
    )
    native.filegroup(
        name = "symbolizer",
        srcs = ["bin/llvm-symbolizer", ":runtime"],
        visibility = ["//visibility:public"],
    )
    _libclang()
    declare_compilers()

def _libclang():
    # A program that uses it is a clang_tool or clang_test of //tools/rules:clang_tool.bzl,
    # which start it with the loader and libraries of this tree.
    cc_library(
        name = "libclang",
        hdrs = native.glob(["include/clang-c/*.h"]),
        includes = ["include"],
        # The library lies in a folder that every link has as an input already; a file
        # of that folder as an input of its own would collide with it in the sandbox.
        linkopts = [
            "-Lexternal/llvm/usr/lib/x86_64-linux-gnu",
            "-l:libclang-22.so.22",
            "-Wl,--allow-shlib-undefined",
        ],
        visibility = ["//visibility:public"],
    )
