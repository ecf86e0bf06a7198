"""Contracts: whether they still compose, and what changes for their clients alone."""

from collections.abc import Iterator
from dataclasses import replace

from plait_schema.checks.changes import diff, fingerprint, graph_of_supergraph
from plait_schema.checks.judging import counted, finding_of_change, finding_of_diagnostic
from plait_schema.checks.report import Finding, Section
from plait_schema.checks.sections.changing import missing_side
from plait_schema.checks.situation import Situation
from plait_schema.composition import compose
from plait_schema.contract import Contract
from plait_schema.diagnostics import Severity


def contracting(situation: Situation) -> Section:
    """Each contract, composed before and after. Changes that everybody sees stand among the changes."""
    request = situation.request
    if not request.contracts:
        return Section("contracts", "There are no contracts.", skipped=True)
    if (reason := missing_side(situation)) is not None:
        return Section("contracts", reason, skipped=True)
    findings: list[Finding] = []
    for number, contract in enumerate(request.contracts, start=1):
        request.on_step("Composing contracts", number, len(request.contracts))
        findings += _findings(situation, contract)
    return Section("contracts", f"{counted(len(request.contracts), 'contract')}.", tuple(findings))


def _findings(situation: Situation, contract: Contract) -> Iterator[Finding]:
    request, locate = situation.request, situation.places.of
    after = compose(request.sources, contract=contract, previous=situation.composition)
    if after.supergraph_sdl is None:
        for diagnostic in after.diagnostics:
            if diagnostic.severity is Severity.ERROR:
                yield _of_contract(
                    finding_of_diagnostic(diagnostic, locate), contract
                )  # in its words already
        return
    before = compose(request.published, contract=contract, previous=situation.base)
    if before.supergraph_sdl is None:
        return
    everybody = {change.fingerprint for change in situation.changes}
    old, new = graph_of_supergraph(before.supergraph_sdl), graph_of_supergraph(after.supergraph_sdl)
    for change in diff(replace(old, supergraph=None), replace(new, supergraph=None)):
        if change.fingerprint not in everybody:
            finding = finding_of_change(change, situation.traffic, situation.errors_after, locate)
            message = f'In the contract "{contract.name}": {finding.message}'
            yield _of_contract(replace(finding, message=message), contract)


def _of_contract(finding: Finding, contract: Contract) -> Finding:
    return replace(
        finding,
        contract=contract.name,
        fingerprint=fingerprint("contract", contract.name, finding.fingerprint),
    )
