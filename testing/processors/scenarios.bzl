"""All loads on every processor, while what they stand on is replaced."""

load("//tools/rules:qemu_test.bzl", "qemu_test")

_LOADS = ["calls", "keys", "alloc", "tasks", "timers"]

_CELLS = ["frame_allocator", "heap", "timer", "scheduler"]

_POLICIES = ["round_robin", "priority", "deadline", "fair"]

# Frames that may be missing after the loads: stacks of steps that are kept for the next ones, and
# caches of each processor.
_KEPT = 64

def processors_flags(number):
    """The runner's flags for a machine with so many processors.

    Where the host has fewer (the smallest that runs the tests has two), a processor that holds a lock
    stands still while others spin for it; taking turns, a spinning one passes its turn on.

    Args:
      number: of processors.
    """
    flags = ["--smp={}".format(number)]
    return flags + (["--accel=tcg,thread=single"] if number > 2 else [])

def _swaps(rounds):
    """Each policy, and each cell below the loads, once a round, in turns."""
    lines = []
    for _ in range(rounds):
        for policy, cell in zip(_POLICIES, _CELLS):
            lines.append("swap scheduler_policy scheduler_policy_" + policy)
            lines.append("swap " + cell)
    return lines

def _script(processors, rounds):
    return (["@wait processors run"] if processors > 1 else []) + [
        "call nano_core processor_count",
        "@match value {}$".format(processors),
        "frames load",
        # What is made once, when it is first needed, is made here.
        "work start",
        "@sleep 500",
        "work stop",
        "@sleep 500",
        "frames keep",
        "work start",
    ] + _swaps(rounds) + [
        # The first is the image's own.
        "swap scheduler_policy scheduler_policy_" + _POLICIES[0],
        "@sleep 2000",
        "work workers",
        "work report",
    ] + ["@match ^{} +\\d+ +0 +0 ".format(name) for name in _LOADS] + [
        "work stop",
        "work report",
        "faults",
        "@expect-not FAULT",
        "@expect-not TIMEOUT",
        "cells",
        "@match ^scheduler +scheduler +\\d+ +{} ".format(rounds + 1),
        "@match ^scheduler_policy +scheduler_policy_round_robin +\\d+ +{} ".format(
            rounds * len(_POLICIES) + 2,
        ),
        "@sleep 500",
        "frames compare {}".format(_KEPT),
        "pages",
        "@expect writable_and_executable 0",
        "poweroff",
    ]

def swap_under_loads_tests(processors, rounds):
    """Declares swap_under_loads_N_test for each number N of processors.

    Args:
      processors: the numbers.
      rounds: how often each policy and cell is swapped in.
    """
    for number in processors:
        qemu_test(
            name = "swap_under_loads_{}_test".format(number),
            size = "medium",
            adds = {":command_frames.cell": "command_frames"},
            flags = processors_flags(number),
            image = "//:image",
            script = _script(number, rounds),
        )
