"""Every code is explained by an example that has it and a mend that has not."""

from importlib.resources import files

import pytest

from plait_schema.diagnostics import CODES, Severity, Topic
from plait_schema.explanations import explanation_of
from tests.schema.explanations.running import found_in

_BREAKS_MORE = frozenset({Topic.CHANGES, Topic.OPERATIONS, Topic.LINT})


def test_each_code_has_an_explanation_and_no_other_name_has() -> None:
    folder = files("plait_schema.explanations") / "codes"
    assert sorted(file.name for file in folder.iterdir()) == sorted(f"{code}.md" for code in CODES)


@pytest.mark.parametrize("code", sorted(CODES))
def test_the_example_has_the_code(code: str) -> None:
    explanation = explanation_of(code)
    found = found_in(explanation, explanation.example)
    severity = explanation.code.severity
    assert code in found[severity]
    others = found[Severity.ERROR] - {code}
    if explanation.code.topic in _BREAKS_MORE:  # what breaks an operation, or is broken by a removal
        return
    assert all(other in explanation.example.text for other in others), others
    assert severity is Severity.ERROR or not others


@pytest.mark.parametrize("code", sorted(CODES))
def test_the_mend_has_no_error_and_not_the_code(code: str) -> None:
    explanation = explanation_of(code)
    if explanation.mend is None:
        assert (explanation.code.topic, explanation.code.severity) == (Topic.CHANGES, Severity.HINT)
        return
    found = found_in(explanation, explanation.mend)
    assert found[Severity.ERROR] == set()
    assert not any(code in codes for codes in found.values())


@pytest.mark.parametrize("code", sorted(CODES))
def test_an_explanation_says_something(code: str) -> None:
    explanation = explanation_of(code)
    assert len(explanation.reason) > 80
    assert "\n" not in explanation.reason  # one paragraph, wrapped where it is shown
    assert "```" not in explanation.example.text  # each block was understood
    if explanation.mend is not None:
        assert explanation.mend.text
        assert "```" not in explanation.mend.text
        assert explanation.mend != explanation.example
