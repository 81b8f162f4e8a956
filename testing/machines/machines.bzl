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

def _processor_script(there, run):
    """Waits until `run` of the machine's processors run, and looks at each."""
    script = ["@wait [processors] {} processors run".format(run)] if run > 1 else ["@sleep 300"]
    script.append("cpus")
    script += ["@match ^{0} +{0} +running +\\d".format(number) for number in range(run)]
    script += ["@match ^- +{} +idle .* not started$".format(apic) for apic in range(run, there)]
    script += ["call nano_core processor_count", "@expect value {}".format(run)]
    script += ["tasks", "@expect-not processors"]
    script += ["call nano_core memory_count_violations", "@expect value 0"]
    return script + ["swap processors", "cpus", "@match ^0 +0 +running +\\d", "mem"]

def processor_tests(name, machines):
    """Declares NAME_KEY_test for each machine: its processors are started.

    Args:
      name: what the tests' names begin with.
      machines: {KEY: (flags of the runner, how many processors it has, how many are to run)}.
    """
    for key, (flags, there, run) in machines.items():
        qemu_test(
            name = "{}_{}_test".format(name, key),
            size = "medium",
            flags = flags,
            image = "//:image",
            iso = "//:iso" if "--media" in "".join(flags) else None,
            script = _processor_script(there, run),
        )
