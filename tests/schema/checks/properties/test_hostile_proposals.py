"""Whatever is proposed, a check reports on it, in every format, and never raises."""

from collections.abc import Sequence
from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plait_schema.checks import CheckRequest, CheckSettings, LintSettings, check
from plait_schema.checks.formats import FORMATS
from plait_schema.checks.lint import lint_codes
from plait_schema.checks.operations import operations_in
from plait_schema.diagnostics import Severity
from plait_schema.subgraph import SubgraphSource
from tests.schema.properties.mutations import good_subgraphs, nearly_good

QUICK = [HealthCheck.too_slow, HealthCheck.data_too_large]

EVERY_RULE = LintSettings({code.name: Severity.WARNING for code in lint_codes()}, frozenset({"public"}))


@st.composite
def proposals(draw: st.DrawFn) -> tuple[Sequence[SubgraphSource], Sequence[SubgraphSource]]:
    """Good subgraphs, and others that may be as good, or nearly."""
    published = draw(st.sampled_from(good_subgraphs()))
    return published, draw(st.one_of(nearly_good(), st.sampled_from(good_subgraphs())))


@settings(max_examples=25, suppress_health_check=QUICK)
@given(proposals())
def test_a_report(sources: tuple[Sequence[SubgraphSource], Sequence[SubgraphSource]]) -> None:
    published, proposed = sources
    report = check(
        CheckRequest(
            subject="all",
            proposed=tuple(proposed),
            deleted=frozenset(each.name for each in published),
            published=tuple(published),
            now=datetime(2026, 11, 29, tzinfo=UTC),
            operations=operations_in({"a.graphql": "{ __typename }"}),
            settings=CheckSettings(lint=EVERY_RULE),
        )
    )
    composes = not any(finding.severity is Severity.ERROR for finding in report.sections[0].findings)
    assert (report.supergraph_sdl is not None) == composes
    fingerprints = [each.fingerprint for each in report.sections[1].findings]
    assert len(fingerprints) == len(set(fingerprints))
    for render in FORMATS.values():
        assert render(report).endswith("\n") or not render(report)
