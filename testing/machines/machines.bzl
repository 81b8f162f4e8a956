"""A test for each odd machine: the shell, or a clear message."""

load("//tools/rules:qemu_test.bzl", "qemu_test")

_SCRIPT = [
    "mem",
    "cpus",
    "pci",
    "date",
    "irqs",
    "swap timer",
    "swap keyboard",
    "cells",
]

def machine_tests(machines, refused):
    """Declares NAME_test for each machine.

    Args:
      machines: {NAME: flags of the runner}: machines that must reach the shell and swap a driver.
      refused: {NAME: (flags, TEXT)}: machines that must print TEXT and stop.
    """
    for name, flags in machines.items():
        qemu_test(
            name = name + "_test",
            size = "medium",
            flags = flags,
            image = "//:image",
            iso = "//:iso" if "--media" in "".join(flags) else None,
            script = _SCRIPT,
        )
    for name, (flags, text) in refused.items():
        qemu_test(
            name = name + "_test",
            size = "medium",
            flags = flags,
            image = "//:image",
            script = ["@no-shell", "@wait " + text, "@expect-not [shell] ready"],
        )
