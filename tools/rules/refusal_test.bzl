"""A test that a rule refuses: its target must not get through analysis, for the reason named.

    theseus_cell(name = "bad", ..., tags = ["manual"])
    refusal_test(name = "bad_test", because = "summary", refused = ":bad")

`refused` must be tagged "manual", so that `//...` does not build it.
"""

def _refusal_test_impl(ctx):
    refused = ctx.attr.refused[0]
    if AnalysisFailureInfo not in refused:
        return [AnalysisTestResultInfo(
            success = False,
            message = "{} was accepted".format(refused.label),
        )]
    causes = [cause.message for cause in refused[AnalysisFailureInfo].causes.to_list()]
    found = [cause for cause in causes if ctx.attr.because in cause]
    return [AnalysisTestResultInfo(
        success = bool(found),
        message = "expected \"{}\"; the refusal says:\n{}".format(
            ctx.attr.because,
            "\n".join(causes),
        ),
    )]

refusal_test = rule(
    implementation = _refusal_test_impl,
    analysis_test = True,
    attrs = {
        "because": attr.string(doc = "Part of the message.", mandatory = True),
        "refused": attr.label(
            cfg = analysis_test_transition(
                settings = {"//command_line_option:allow_analysis_failures": "True"},
            ),
            mandatory = True,
        ),
    },
)
