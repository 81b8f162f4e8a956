"""Tests of what theseus_cell refuses by itself, and that no rule leaves out one of its steps."""

load("//tools/rules:refusal_test.bzl", "refusal_test")
load("//tools/rules:theseus_cell.bzl", "theseus_cell")

def cell_refusal_test(name, because, **kwargs):
    """Expects that a cell with these attributes is refused when it is analysed.

    Args:
      name: of the cell; the test is NAME_refusal_test.
      because: part of what the refusal says.
      **kwargs: attributes of theseus_cell that differ from those of a good one.
    """
    attributes = dict({
        "exports": [name + "_run"],
        "srcs": ["specimens/accepted.c"],
        "summary": "a specimen that is refused",
        "visibility": [],
    }, **kwargs)

    theseus_cell(
        name = name,
        tags = ["manual"],  # not to be built by wildcards: its analysis fails
        testonly = True,
        **attributes
    )
    refusal_test(
        name = name + "_refusal_test",
        because = because,
        refused = ":" + name + ".cell",
    )

_ActionsInfo = provider(fields = {"actions": "The actions of a target."})

def _actions_impl(target, _ctx):
    return [_ActionsInfo(actions = target.actions)]

_actions = aspect(implementation = _actions_impl)

def _steps_test_impl(ctx):
    steps = {action.mnemonic: action for action in ctx.attr.target[_ActionsInfo].actions}
    missing = []
    for step, words in ctx.attr.told.items():
        argv = steps[step].argv if step in steps else []
        missing += ["{} is not told {}".format(step, word) for word in words if word not in argv]

    # A step whose output nobody needs would be skipped.
    for step, names in ctx.attr.needs.items():
        inputs = steps[step].inputs.to_list() if step in steps else []
        found = [file.basename for file in inputs]
        missing += ["{} does not need {}".format(step, name) for name in names if name not in found]
    return [AnalysisTestResultInfo(success = not missing, message = "\n".join(missing))]

steps_test = rule(
    implementation = _steps_test_impl,
    analysis_test = True,
    attrs = {
        "needs": attr.string_list_dict(doc = "What each step must depend on."),
        "target": attr.label(aspects = [_actions], mandatory = True),
        "told": attr.string_list_dict(doc = "What each step must be told."),
    },
)
