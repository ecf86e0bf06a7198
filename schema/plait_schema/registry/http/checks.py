"""Routes of checks and approvals."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from plait_schema.checks import CheckSettings, FailOn
from plait_schema.checks.formats import FORMATS
from plait_schema.checks.lint import lint_codes
from plait_schema.registry.checking import Checks
from plait_schema.registry.errors import INVALID_REQUEST
from plait_schema.registry.http.access import VARIANT, Access, require, variant_of_path
from plait_schema.registry.http.bodies import Body, Line, Name, OriginBody, Text
from plait_schema.registry.http.numbers import Number
from plait_schema.registry.model import VariantId
from plait_schema.registry.registry import Registry
from plait_schema.registry.settings_form import SEVERITIES, settings_as_json, settings_of_json
from plait_schema.registry.store import RecordedApproval, RecordedCheck, ReportedCheck
from plait_schema.registry.tokens import Permission, Token
from plait_schema.subgraph import SubgraphSource


class SettingsBody(Body):
    """How strict checks are; what a check leaves out is as the variant has it, else as in `plait check`."""

    fail_on: str | None = None
    window_seconds: float | None = Field(default=None, gt=0, le=1e9)
    minimum_requests: int | None = Field(default=None, ge=0, le=10**12)
    minimum_percentage: float | None = Field(default=None, ge=0, le=100)
    excluded_clients: list[Line] = Field(default_factory=list)
    included_variants: list[Line] = Field(
        default_factory=list, description="Others whose operations count, too."
    )
    maximum_cost: int | None = Field(
        default=None, ge=0, le=10**12, description="What gateways allow an operation to cost."
    )
    list_size: int | None = Field(
        default=None, ge=0, le=10**9, description="How long a list is taken for that has no @listSize."
    )
    lint: dict[str, str] = Field(default_factory=dict, description="error, warning or off, by code")
    approved_tags: list[Line] | None = None

    def settings(self) -> CheckSettings:
        if self.fail_on not in {None, *FailOn}:
            raise INVALID_REQUEST.because(f"failOn is one of {', '.join(FailOn)}.")
        known = {code.name for code in lint_codes()}
        for rule, severity in self.lint.items():
            if rule not in known or severity not in SEVERITIES:
                raise INVALID_REQUEST.because(f"lint: there is no rule {rule} with {severity}.")
        return settings_of_json(self.model_dump(by_alias=True))


class CheckBody(Body):
    """A proposal for one subgraph."""

    subgraph: Name
    sdl: Text | None = Field(description="Its new schema; null to delete it.")
    routing_url: Line = Field(default="", description="As before when left out.")
    file: Line | None = Field(default=None, description="What places in the schema are told with.")
    origin: OriginBody = Field(default_factory=OriginBody)
    settings: SettingsBody = Field(default_factory=SettingsBody)
    formats: list[str] = Field(default_factory=list, description=f"Any of {', '.join(FORMATS)}.")


class CheckLine(Body):
    """A recorded check, without its report."""

    number: int
    subgraph: str
    outcome: str = Field(description="passed or failed")
    counts: dict[str, int] = Field(description="Findings by severity.")
    origin: OriginBody
    by: str
    at: datetime

    @classmethod
    def of(cls, check: RecordedCheck) -> "CheckLine":
        return cls(**_line(check))


class CheckAnswer(CheckLine):
    """A recorded check."""

    report: dict[str, Any] = Field(description="As `plait check --format json` tells it.")
    rendered: dict[str, str] = Field(default_factory=dict, description="The report in the wanted formats.")

    @classmethod
    def with_report(cls, check: ReportedCheck, rendered: dict[str, str] | None = None) -> "CheckAnswer":
        return cls(**_line(check), report=dict(check.report), rendered=rendered or {})


def _line(check: RecordedCheck) -> dict[str, Any]:
    origin = check.origin
    return {
        "number": check.number,
        "subgraph": check.subgraph,
        "outcome": check.outcome,
        "counts": dict(check.counts),
        "origin": OriginBody(author=origin.author, commit=origin.commit, message=origin.message),
        "by": check.by,
        "at": check.at,
    }


class ChecksAnswer(Body):
    checks: list[CheckLine]


class ApprovalsBody(Body):
    """Lets checks of the variant pass in spite of findings."""

    fingerprints: list[Annotated[str, Field(pattern="^[0-9a-f]{8,64}$")]] = Field(
        default_factory=list,
        max_length=10_000,
        description="Of the findings; when left out, of all that made the check fail.",
    )
    check: Number | None = Field(default=None, description="The check that has these findings.")
    reason: Annotated[Line, Field(min_length=1)]
    until: date | None = Field(default=None, description="The last day on which it holds.")


class ApprovalAnswer(Body):
    fingerprint: str
    finding: str | None = Field(description="Its code and coordinate, where the check is known.")
    check: int | None
    by: str
    reason: str
    until: date | None


class ApprovalsAnswer(Body):
    approvals: list[ApprovalAnswer]

    @classmethod
    def of(cls, approvals: Iterable[RecordedApproval]) -> "ApprovalsAnswer":
        return cls(
            approvals=[
                ApprovalAnswer(
                    fingerprint=one.approval.fingerprint,
                    finding=one.finding,
                    check=one.check,
                    by=one.approval.by,
                    reason=one.approval.reason,
                    until=one.approval.until,
                )
                for one in approvals
            ]
        )


def check_routes(registry: Registry, checks: Checks, access: Access) -> APIRouter:
    routes = APIRouter(tags=["checks"])
    checker = Annotated[Token, Depends(access.to(Permission.CHECK))]
    reader = Annotated[Token, Depends(access.to(Permission.READ))]
    approver = Annotated[Token, Depends(access.to(Permission.APPROVE))]
    target = Annotated[VariantId, Depends(variant_of_path)]

    @routes.post(f"{VARIANT}/checks")
    async def check(token: checker, variant_id: target, body: CheckBody) -> CheckAnswer:
        """Check a proposed subgraph against the variant, the operations that clients send, and approvals."""
        if unknown := sorted(set(body.formats) - FORMATS.keys()):
            raise INVALID_REQUEST.because(f"there is no format {unknown[0]}, but {', '.join(FORMATS)}.")
        settings = body.settings.settings()
        for one in settings.usage.included_variants:
            await readable(token, one)
        proposed = (
            None if body.sdl is None else SubgraphSource(body.subgraph, body.routing_url, body.sdl, body.file)
        )
        checked = await checks.check(
            variant_id,
            body.subgraph,
            proposed,
            settings=settings,
            by=token.name,
            origin=body.origin.origin(),
        )
        rendered = {name: FORMATS[name](checked.report) for name in body.formats}
        return CheckAnswer.with_report(checked.record, rendered)

    async def readable(token: Token, variant: str) -> None:
        variant_id = VariantId.parse(variant)
        require(token, Permission.READ, variant_id)
        await registry.store.existing(variant_id)

    @routes.get(f"{VARIANT}/check-settings")
    async def show_settings(_: reader, variant_id: target) -> SettingsBody:
        """How strict checks of the variant are, where they do not say so themselves."""
        await registry.store.existing(variant_id)
        return SettingsBody.model_validate(settings_as_json(await checks.store.settings(variant_id)))

    @routes.put(f"{VARIANT}/check-settings")
    async def set_settings(token: approver, variant_id: target, body: SettingsBody) -> SettingsBody:
        """Say how strict they are."""
        settings = body.settings()
        for one in settings.usage.included_variants:
            await readable(token, one)
        await checks.set_settings(variant_id, settings, by=token.name)
        return body

    @routes.get(f"{VARIANT}/checks")
    async def history(
        _: reader,
        variant_id: target,
        before: Annotated[Number | None, Query()] = None,
        limit: Annotated[int, Query(ge=1, le=100)] = 20,
    ) -> ChecksAnswer:
        """The checks without their reports, the newest first."""
        await registry.store.existing(variant_id)
        found = await checks.store.history(variant_id, before=before, limit=limit)
        return ChecksAnswer(checks=[CheckLine.of(one) for one in found])

    @routes.get(f"{VARIANT}/checks/{{number}}")
    async def show(_: reader, variant_id: target, number: Number) -> CheckAnswer:
        """One check."""
        return CheckAnswer.with_report(await checks.store.check(variant_id, number))

    @routes.get(f"{VARIANT}/approvals")
    async def approvals(_: reader, variant_id: target) -> ApprovalsAnswer:
        """What was approved, the newest first."""
        return ApprovalsAnswer.of((await checks.approvals.all(variant_id)).values())

    @routes.post(f"{VARIANT}/approvals", status_code=201)
    async def approve(token: approver, variant_id: target, body: ApprovalsBody) -> ApprovalsAnswer:
        """Approve findings, all or none: by their fingerprints, or all that made a check fail."""
        if not body.fingerprints and body.check is None:
            raise INVALID_REQUEST.because("say which findings, by their fingerprints, or of which check.")
        given = await checks.approve(
            variant_id,
            body.fingerprints,
            of=body.check,
            reason=body.reason,
            until=body.until,
            by=token.name,
        )
        return ApprovalsAnswer.of(given)

    @routes.delete(f"{VARIANT}/approvals/{{fingerprint}}", status_code=204)
    async def withdraw(token: approver, variant_id: target, fingerprint: str) -> None:
        """Withdraw an approval."""
        await checks.withdraw(variant_id, fingerprint, by=token.name)

    return routes
