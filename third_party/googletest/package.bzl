"""Targets of @googletest, built from source with the compiler of the platform.

It is not instrumented for sanitizers itself: that finds nothing, and takes four times as long.
"""

load("@rules_cc//cc:defs.bzl", "cc_library")

_UNSANITIZED = select({
    "@theseus//platforms:is_asan": ["-fno-sanitize=all"],
    "//conditions:default": [],
})

_ROOT = "usr/src/googletest/"

def package_targets():
    """Declares :gtest (GoogleTest and GoogleMock) and :gtest_main."""
    cc_library(
        name = "gtest",
        srcs = [
            _ROOT + "googlemock/src/gmock-all.cc",
            _ROOT + "googletest/src/gtest-all.cc",
        ],
        hdrs = native.glob([
            _ROOT + "google*/include/**/*.h",
        ]),
        includes = [
            _ROOT + "googlemock/include",
            _ROOT + "googletest/include",
        ],
        linkopts = ["-lpthread"],
        textual_hdrs = native.glob([
            _ROOT + "google*/src/*.cc",
            _ROOT + "google*/src/*.h",
        ]),
        copts = [
            "-Iexternal/googletest/usr/src/googletest/googlemock",
            "-Iexternal/googletest/usr/src/googletest/googletest",
        ] + _UNSANITIZED,
        linkstatic = True,
        visibility = ["//visibility:public"],
    )
    cc_library(
        name = "gtest_main",
        srcs = [_ROOT + "googlemock/src/gmock_main.cc"],
        copts = _UNSANITIZED,
        linkstatic = True,
        visibility = ["//visibility:public"],
        deps = [":gtest"],
    )
