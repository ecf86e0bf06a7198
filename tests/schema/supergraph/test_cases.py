"""Golden cases of reading supergraphs: what is refused, and where."""

from pathlib import Path

import pytest

from plait_schema.supergraph import SupergraphError, read_supergraph
from tests.schema.golden import Case, cases, check


@pytest.mark.parametrize("case", cases(Path(__file__).parent / "cases"))
def test_a_supergraph_that_is_refused(case: Case, update: bool) -> None:
    with pytest.raises(SupergraphError) as refused:
        read_supergraph(case.text("supergraph", "given"))
    check(case, {"diagnostics": _text(refused.value)}, update=update)
    assert case.path.stem.startswith(refused.value.code)


def _text(error: SupergraphError) -> str:
    places = ", ".join(f" ({at.line}:{at.column})" for at in error.locations)
    return f"error {error.code}{places}\n  {error.message}"
