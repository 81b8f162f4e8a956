"""Targets of @nlohmann_json: the library is headers only."""

load("@rules_cc//cc:defs.bzl", "cc_library")

def package_targets():
    """Declares :json."""
    cc_library(
        name = "json",
        hdrs = native.glob(["usr/include/nlohmann/**/*.hpp"]),
        includes = ["usr/include"],
        visibility = ["//visibility:public"],
    )
