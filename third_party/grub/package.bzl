"""Targets of @grub: GRUB for BIOS and UEFI, and what writes it on a medium.

The tools are called by path, as external/grub/bin/grub-mkimage; GRUB's own modules lie in
external/grub/usr/lib/grub/.
"""

def package_targets():
    """Declares the targets of @grub."""
    native.exports_files(["BUILD.bazel"])
    native.filegroup(
        name = "tools",
        srcs = [
            "bin",
            "lib",
            "usr",
        ],
        visibility = ["//visibility:public"],
    )

    # GNU Unifont, 16 pixels high, in GRUB's PF2 format.
    native.filegroup(
        name = "font",
        srcs = ["font/unicode.pf2"],
        visibility = ["//visibility:public"],
    )
