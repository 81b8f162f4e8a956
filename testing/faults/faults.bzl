"""Faults to order: a test for each kind."""

load("//tools/rules:qemu_test.bzl", "qemu_test")

# What `faults` must say of each; the callee's caller sees FAULT. Those that answer TIMEOUT are apart.
CAUSES = {
    "bounds": "index out of bounds",
    "division": "division",
    "execute_data": "jump to data at 0xffffd",
    "execute_null": "jump to null at 0x0",
    "execute_stack": "jump to data at 0xffffd",
    "floating_point": "floating point",
    "in_monitor": "null pointer at 0x0",
    "misaligned": "address not canonical or misaligned",
    "monitor_held": "made to answer so",
    "not_canonical": "address not canonical or misaligned",
    "null": "null pointer at 0x0",
    "overflow": "overflow",
    "smashed_canary": "stack smashed",
    "smashed_return": "jump to an unmapped address at 0xffffdeadbeef0000",
    "stack_exhaustion": "stack overflow",
    "undefined": "undefined instruction",
    "user": "user-space address at 0x400000",
    "wild": "unmapped address at 0xffffdeadbeef0000",
    "write_code": "write to constants or code at 0xffffffffa",
    "write_constants": "write to constants or code at 0xffffffffa",
}

# Those after which the caller sees something else.
ANSWERS = {
    "bad_result": ("made to answer so", "INTERNAL"),
    "no_memory": ("made to answer so", "NO_MEMORY"),
}

KINDS = sorted(CAUSES.keys() + ANSWERS.keys())

_BREAKER = "//testing/specimens/breaker:breaker.cell"

def _lines(kind, cause, answer):
    """Calls before and after the one that fails are right, and the cell can be replaced at once."""
    call = "call breaker breaker_divide 8"
    right = [call, "@expect breaker_divide status OK value 125"]
    return ["work start"] + right + ["fault breaker {} 2".format(kind)] + right + [
        "! " + call,
        "@expect breaker_divide status " + answer,
        "swap breaker",
        "@expect swap breaker 1 -> 1",
    ] + right + [
        "faults 0",
        "@expect cell      breaker",
        "@expect object    breaker",
        "@expect function  breaker_divide",
        "@expect cause     " + cause,
        "@expect ; ordered: " + kind,
        "@expect answer    " + answer,
        "@expect called_by command_call command_call_step",
        "@expect called_by shell shell_step",
        "faults",
        "@expect ordered: " + kind,
    ] + (["@expect monitor held at return"] if kind == "monitor_held" else []) + [
        "@sleep 1500",
        "work report",
        "work stop",
    ]

def kind_tests(name):
    """Declares kind_KIND_test for each kind, and the suite `name` of them all.

    Args:
      name: of the suite.
    """
    for kind in KINDS:
        cause, answer = ANSWERS.get(kind) or (CAUSES[kind], "FAULT")
        qemu_test(
            name = "kind_{}_test".format(kind),
            adds = {_BREAKER: "breaker"},
            # Guest time: how busy the host is does not matter.
            flags = ["--icount"],
            image = "//:image",
            script = _lines(kind, cause, answer),
        )
    native.test_suite(
        name = name,
        tests = [":kind_{}_test".format(kind) for kind in KINDS],
    )

def every_cell_script(name, kinds, **kwargs):
    """Writes a script that has each cell of the default image fail while all loads run.

    Args:
      name: of the target; the script is NAME.script.
      kinds: for each cell all of them.
      **kwargs: passed on.
    """
    native.genrule(
        name = name,
        srcs = ["//platforms/images:default.cells"],
        outs = [name + ".script"],
        cmd = "$(location every_cell.sh) $< {} > $@".format(" ".join(kinds)),
        tools = ["every_cell.sh"],
        **kwargs
    )
