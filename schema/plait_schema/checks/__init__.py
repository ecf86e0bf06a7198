"""Checks: what proposed subgraphs do to the graph, its clients and its conventions.

Everything here is thinking: files, clocks and planners are handed in as data and functions.
"""

from dataclasses import replace

from plait_schema.checks.approvals import Approval, Approvals
from plait_schema.checks.input_error import InputError
from plait_schema.checks.judging import with_approval
from plait_schema.checks.report import Finding, Outcome, Report, Section
from plait_schema.checks.request import CheckRequest
from plait_schema.checks.sections.changing import changing
from plait_schema.checks.sections.composing import composing
from plait_schema.checks.sections.contracting import contracting
from plait_schema.checks.sections.linting import linting
from plait_schema.checks.sections.operating import operating
from plait_schema.checks.sections.planning import planning
from plait_schema.checks.settings import CheckSettings, CostSettings, FailOn, LintSettings, UsageSettings
from plait_schema.checks.situation import Situation

__all__ = [
    "Approval",
    "Approvals",
    "CheckRequest",
    "CheckSettings",
    "CostSettings",
    "FailOn",
    "Finding",
    "InputError",
    "LintSettings",
    "Outcome",
    "Report",
    "Section",
    "UsageSettings",
    "check",
]


def check(request: CheckRequest) -> Report:
    """Everything that speaks for or against the proposal; nothing that it says raises.

    Raises SupergraphError where the supergraph that it is held against is none.
    """
    request.on_step("Composing", 0, 0)
    situation = Situation(request)
    changes = _approved(changing(situation), request)
    sections = (
        _approved(composing(situation), request),
        changes,
        _approved(operating(situation, changes), request),
        _approved(linting(situation), request),
        _approved(contracting(situation), request),
        _approved(planning(situation), request),
    )
    fail_on = request.settings.fail_on or FailOn.BREAKING
    return Report("check", request.subject, sections, fail_on, situation.composition.supergraph_sdl)


def _approved(section: Section, request: CheckRequest) -> Section:
    """The section with what was approved before tolerated."""
    today = request.now.date()
    return replace(
        section,
        findings=tuple(with_approval(finding, request.approvals, today) for finding in section.findings),
    )
