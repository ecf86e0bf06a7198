"""Every code is explained by an example that has it and a mend that has not."""

from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from plait_schema.composition import compose
from plait_schema.diagnostics import CODES, Severity
from plait_schema.explanations import ExampleSchema, Passage, explanation_of
from plait_schema.sources import read_contract
from plait_schema.subgraph import SubgraphSource
from plait_schema.supergraph import SupergraphError, read_supergraph


def test_each_code_has_an_explanation_and_no_other_name_has() -> None:
    folder = files("plait_schema.explanations") / "codes"
    assert sorted(file.name for file in folder.iterdir()) == sorted(f"{code}.md" for code in CODES)


@pytest.mark.parametrize("code", sorted(CODES))
def test_the_example_has_the_code(code: str) -> None:
    explanation = explanation_of(code)
    errors, hints = _found(explanation.example)
    match explanation.code.severity:
        case Severity.ERROR:
            assert code in errors
            assert all(other in explanation.example.text for other in errors - {code}), errors
        case Severity.HINT:
            assert code in hints
            assert errors == set()


@pytest.mark.parametrize("code", sorted(CODES))
def test_the_mend_has_no_error_and_not_the_code(code: str) -> None:
    explanation = explanation_of(code)
    errors, hints = _found(explanation.mend)
    assert errors == set()
    assert code not in hints


@pytest.mark.parametrize("code", sorted(CODES))
def test_an_explanation_says_something(code: str) -> None:
    explanation = explanation_of(code)
    assert len(explanation.reason) > 80
    assert "\n" not in explanation.reason  # one paragraph, wrapped where it is shown
    assert "```" not in f"{explanation.example.text}{explanation.mend.text}"  # each block was understood
    assert explanation.mend.text
    assert explanation.mend != explanation.example


def _found(passage: Passage) -> tuple[set[str], set[str]]:
    """The codes of errors and of hints that the schemas of an example give."""
    match passage.schemas:
        case (ExampleSchema(subgraph=None, sdl=sdl),):
            return _found_in_supergraph(sdl), set()
        case schemas:
            return _found_in_subgraphs(schemas, passage.configuration)


def _found_in_supergraph(sdl: str) -> set[str]:
    try:
        read_supergraph(sdl)
    except SupergraphError as error:
        return {error.code}
    return set()


def _found_in_subgraphs(
    schemas: Iterable[ExampleSchema], configuration: str | None
) -> tuple[set[str], set[str]]:
    contract = None
    if configuration:
        with TemporaryDirectory() as folder:
            file = Path(folder) / "supergraph.yaml"
            file.write_text(configuration, encoding="utf-8")
            contract = read_contract(file, "public")
    sources = (
        SubgraphSource(schema.subgraph, f"http://{schema.subgraph}.example/graphql", schema.sdl)
        for schema in schemas
        if schema.subgraph is not None
    )
    composition = compose(sources, contract=contract)
    by_severity = {
        severity: {found.code for found in composition.diagnostics if found.severity is severity}
        for severity in Severity
    }
    assert (composition.supergraph_sdl is None) == bool(by_severity[Severity.ERROR])
    return by_severity[Severity.ERROR], by_severity[Severity.HINT]
