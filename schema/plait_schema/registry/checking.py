"""Checks by the registry: it knows what is published, what clients send, and what was approved."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from graphql import GraphQLError, parse

from plait_schema.checks import Approval, CheckRequest, CheckSettings, Report
from plait_schema.checks import check as check_proposal
from plait_schema.checks.formats.json_form import report_as_json
from plait_schema.checks.operations import Client, RecordedOperation, Use, identity, merged
from plait_schema.diagnostics import Location
from plait_schema.installed_planner import find_planner
from plait_schema.registry.errors import CONTRACT_CONFLICT, INVALID_REQUEST, NOT_FOUND
from plait_schema.registry.model import Origin, VariantId
from plait_schema.registry.registry import Clock, Registry, system_clock
from plait_schema.registry.settings_form import DEFAULT_WINDOW
from plait_schema.registry.store import (
    ApprovalStore,
    CheckStore,
    RecordedApproval,
    ReportedCheck,
    UsageStore,
    Used,
)
from plait_schema.subgraph import SubgraphSource


@dataclass(frozen=True, slots=True)
class Checked:
    """A report, and what it is recorded as."""

    record: ReportedCheck
    report: Report


class Checks:
    """Holds proposals against variants. Methods raise RegistryError."""

    def __init__(
        self,
        registry: Registry,
        usage: UsageStore,
        store: CheckStore,
        approvals: ApprovalStore,
        *,
        clock: Clock = system_clock,
    ) -> None:
        self._registry = registry
        self._usage = usage
        self._clock = clock
        self.store = store
        self.approvals = approvals

    async def check(
        self,
        variant_id: VariantId,
        subgraph: str,
        proposed: SubgraphSource | None,
        *,
        settings: CheckSettings,
        by: str,
        origin: Origin,
    ) -> Checked:
        """Check a proposal, None to delete the subgraph, and put the report on record.

        Without a URL the proposal is served where it was. What the settings do not say is as those of the
        variant do. Operations are those sent to the variant, to its contracts, and to the included variants,
        in the window of the settings, or in the last 30 days. Where nobody has reported any, nobody knows
        what clients send, and a breaking change is one.
        """
        variant = await self._registry.store.existing(variant_id)
        if (contract := await self._registry.contracts.of(variant_id)) is not None:
            raise CONTRACT_CONFLICT.because(
                f"a check of {contract.source} includes its contract {variant_id}."
            )
        settings = settings.over(await self.store.settings(variant_id))
        contracts = await self._registry.contracts.with_source(variant_id)
        version = await self._registry.store.version(variant_id, variant.head) if variant.head else None
        published = await self._registry.subgraphs(version) if version else ()
        if proposed is None and all(one.name != subgraph for one in published):
            raise NOT_FOUND.because(f"{variant_id} has no subgraph {subgraph}.")
        if not published:
            raise INVALID_REQUEST.because(f"nothing is published to {variant_id} yet to check against.")
        if proposed is not None and not proposed.url:
            proposed = replace(proposed, url=_url_of(subgraph, published))
        served = await self._registry.delivery.served(variant_id) if variant.serving else None
        since = self._clock() - (settings.usage.window or DEFAULT_WINDOW)
        senders = (*(one.variant_id for one in contracts), *_included(settings))
        used = await self._usage.since(dict.fromkeys((variant_id, *senders)), since)
        operations = await asyncio.to_thread(recorded_operations, used) if used else None
        make_planner, no_planner = find_planner()
        request = CheckRequest(
            subject=subgraph,
            proposed=() if proposed is None else (proposed,),
            deleted=frozenset({subgraph}) if proposed is None else frozenset(),
            published=published,
            now=self._clock(),
            supergraph_sdl=served.supergraph_sdl if served else None,
            contracts=tuple(one.contract for one in contracts),
            operations=operations,
            approvals={
                fingerprint: one.approval
                for fingerprint, one in (await self.approvals.all(variant_id)).items()
            },
            settings=settings,
            make_planner=make_planner,
            no_planner=no_planner,
        )
        report = await asyncio.to_thread(check_proposal, request)
        record = await self.store.add(
            variant_id,
            subgraph,
            report.outcome.value,
            report_as_json(report),
            origin=origin,
            by=by,
            now=self._clock(),
        )
        return Checked(record, report)

    async def approve(
        self,
        variant_id: VariantId,
        fingerprints: Sequence[str],
        *,
        of: int | None,
        reason: str,
        until: date | None,
        by: str,
    ) -> tuple[RecordedApproval, ...]:
        """Let checks of the variant pass in spite of findings, all or none.

        `of` is the check that has them; without fingerprints, all that made it fail are meant. NOT_FOUND
        where it does not have one of them.
        """
        await self._registry.store.existing(variant_id)
        found = {} if of is None else (await self.store.check(variant_id, of)).findings
        if of is not None and (unknown := sorted(set(fingerprints) - found.keys())):
            raise NOT_FOUND.because(f"check {of} of {variant_id} has no finding {unknown[0]}.")
        meant = fingerprints or [one for one, finding in found.items() if finding.get("fails")]
        given = tuple(
            RecordedApproval(Approval(one, by, reason, until), of, _in_words(found.get(one)))
            for one in dict.fromkeys(meant)
        )
        await self.approvals.add(variant_id, given, now=self._clock())
        return given

    async def set_settings(self, variant_id: VariantId, settings: CheckSettings, *, by: str) -> None:
        """Say how strict checks of the variant are, where they do not say so themselves."""
        await self._registry.store.existing(variant_id)
        for included in _included(settings):
            await self._registry.store.existing(included)
        await self.store.set_settings(variant_id, settings, by=by, now=self._clock())

    async def withdraw(self, variant_id: VariantId, fingerprint: str, *, by: str) -> None:
        """Take an approval back. Raises NOT_FOUND."""
        await self.approvals.withdraw(variant_id, fingerprint, by=by, now=self._clock())


def _in_words(finding: Mapping[str, Any] | None) -> str | None:
    """The code, with the coordinate, or else the message."""
    return None if finding is None else f"{finding['code']} {finding['coordinate'] or finding['message']}"


def _included(settings: CheckSettings) -> tuple[VariantId, ...]:
    return tuple(VariantId.parse(one) for one in settings.usage.included_variants)


def _url_of(subgraph: str, published: Iterable[SubgraphSource]) -> str:
    return next((one.url for one in published if one.name == subgraph), "")


def recorded_operations(used: Iterable[Used]) -> tuple[RecordedOperation, ...]:
    """What clients sent, each operation once with who sent it; what is no GraphQL is left out."""
    return merged(operation for one in used if (operation := _recorded(one)) is not None)


def _recorded(one: Used) -> RecordedOperation | None:
    try:
        document = parse(one.document)
    except GraphQLError:
        return None
    use = Use(Client(one.client, one.client_version), one.requests, one.first, one.last)
    place = Location("", f"operation {one.operation[:12]}", 1, 1)
    return RecordedOperation(identity(document), one.name, document, place, uses=(use,))
