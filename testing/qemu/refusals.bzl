"""What qemu_test must refuse, each as a target that must not be analysed successfully."""

load("//tools/rules:qemu_test.bzl", "qemu_test")
load("//tools/rules:refusal_test.bzl", "refusal_test")

_IMAGE = "//testing/qemu/tiny_machine:image"

def _refusal(name, because, image = _IMAGE, **kwargs):
    qemu_test(
        name = name + "_refused",
        image = image,
        tags = ["manual"],  # its analysis fails, which refusal_test looks at
        **kwargs
    )
    refusal_test(
        name = name + "_refusal_test",
        because = because,
        refused = name + "_refused",
    )

def refusal_tests(name):
    """Declares one test for each refusal, and a suite of them.

    Args:
      name: of the suite.
    """
    image_file = _IMAGE
    cases = {
        "nothing_to_run": dict(because = "give it a script or a test_cell"),
        "script_and_cell": dict(
            because = "both a script and a test_cell",
            script = ["cells"],
            test_cell = image_file,
        ),
        "no_object": dict(
            because = "must have one object file (.o), but has 0",
            adds = {image_file: "x"},
            script = ["cells"],
        ),
        "no_image": dict(
            because = "has no file nano_core.elf",
            image = "//testing/qemu:theseus_run",
            script = ["cells"],
        ),
    }
    for case, arguments in cases.items():
        _refusal(name = case, **arguments)
    native.test_suite(
        name = name,
        tests = [case + "_refusal_test" for case in cases],
    )
