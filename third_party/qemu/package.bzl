"""Targets of @qemu: the emulator, called by path: external/qemu/bin/qemu-system-x86_64."""

def package_targets():
    """Declares the targets of @qemu."""
    native.exports_files(
        ["BUILD.bazel", "bin/qemu-system-x86_64"],
        visibility = ["//visibility:public"],
    )
    native.filegroup(
        name = "qemu",
        srcs = [
            "bin/qemu-system-x86_64",
            "lib",
            "usr",
        ],
        visibility = ["//visibility:public"],
    )
