"""Targets of @mbedtls: of the whole library only SHA-256, hosted and freestanding."""

load("@rules_cc//cc:defs.bzl", "cc_library")

def package_targets():
    """Declares @mbedtls//:sha256."""
    cc_library(
        name = "sha256",
        srcs = [
            "library/common.h",
            "library/platform_util.c",
            "library/sha256.c",
        ],
        hdrs = native.glob(["include/mbedtls/*.h"]),
        # Known to be free of undefined behaviour, and half of the time that a boot takes.
        copts = [
            "-O2",
            "-fno-sanitize=all",
        ],
        defines = ["MBEDTLS_CONFIG_FILE=<theseus_sha256_config.h>"],
        includes = ["include"],
        linkstatic = True,
        visibility = ["//visibility:public"],
        deps = ["@theseus//third_party/mbedtls:config"] + select({
            "@theseus//platforms:is_bare_metal": ["@theseus//third_party/mbedtls:freestanding"],
            "//conditions:default": [],
        }),
    )
