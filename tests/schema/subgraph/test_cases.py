"""Golden cases of what is wrong with one subgraph on its own."""

from pathlib import Path

import pytest

from plait_schema.subgraph import load_subgraphs
from tests.schema.golden import Case, cases, check, diagnostics_text


@pytest.mark.parametrize("case", cases(Path(__file__).parent / "cases"))
def test_diagnostics(case: Case, update: bool) -> None:
    _, diagnostics = load_subgraphs(case.subgraphs)
    check(case, {"diagnostics": diagnostics_text(diagnostics)}, update=update)
    if case.path.stem.isupper():
        assert {diagnostic.code for diagnostic in diagnostics} == {case.path.stem}
