"""Routes for usage: gateways send it, people look at it, `plait check` reads it."""

from datetime import datetime, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel, ConfigDict, Field

from plait_schema.registry.errors import INVALID_REQUEST
from plait_schema.registry.http.access import VARIANT, Access, variant_of_path
from plait_schema.registry.http.bodies import Name, Text
from plait_schema.registry.model import VariantId
from plait_schema.registry.registry import Clock, Registry
from plait_schema.registry.store import UsageStore
from plait_schema.registry.tokens import Permission, Token
from plait_schema.registry.usage import OperationUsage, as_jsonl, by_operation
from plait_schema.usage import UsageRecord

_Count = Annotated[int, Field(ge=0, le=2**53)]
_Client = Annotated[str, Field(max_length=200)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class OperationOfRecord(_Strict):
    id: str | None = None
    name: Name | None = None
    document: Text = Field(min_length=1, max_length=1_000_000)


class ClientOfRecord(_Strict):
    name: _Client = ""
    version: _Client = ""


class RecordBody(_Strict):
    """How often one client sent one operation in a span of time."""

    operation: OperationOfRecord
    client: ClientOfRecord = Field(default_factory=ClientOfRecord)
    requests: _Count
    errors: _Count = 0
    start: datetime = Field(alias="from")
    end: datetime = Field(alias="to")
    durations: dict[int, _Count] = Field(default_factory=dict, max_length=200)

    def record(self) -> UsageRecord:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise INVALID_REQUEST.because("say the time zones of from and to.")
        return UsageRecord(
            document=self.operation.document,
            name=self.operation.name,
            client=self.client.name,
            client_version=self.client.version,
            requests=self.requests,
            errors=self.errors,
            start=self.start,
            end=self.end,
            durations=self.durations,
        )


class UsageBody(_Strict):
    """A report. It is taken once, however often it is sent."""

    format: Literal["plait-usage"]
    version: Literal[1]
    report: str = Field(min_length=8, max_length=64)
    records: list[RecordBody] = Field(max_length=20_000)


class TakenAnswer(BaseModel):
    taken: bool = Field(description="False when this report was taken before.")


class OperationAnswer(BaseModel):
    """An operation, and who sent it how often."""

    id: str
    name: str | None
    document: str
    requests: int
    errors: int
    p50: float | None = Field(description="Seconds.")
    p95: float | None = Field(description="Seconds.")
    clients: dict[str, int] = Field(description="Requests by client.")

    @classmethod
    def of(cls, one: OperationUsage) -> "OperationAnswer":
        return cls(
            id=one.id,
            name=one.name,
            document=one.document,
            requests=one.requests,
            errors=one.errors,
            p50=one.quantile(0.5),
            p95=one.quantile(0.95),
            clients=dict(one.clients),
        )


class OperationsAnswer(BaseModel):
    operations: list[OperationAnswer]


def usage_routes(registry: Registry, usage: UsageStore, access: Access, clock: Clock) -> APIRouter:
    routes = APIRouter(tags=["usage"])
    reporter = Annotated[Token, Depends(access.to(Permission.REPORT))]
    reader = Annotated[Token, Depends(access.to(Permission.READ))]
    target = Annotated[VariantId, Depends(variant_of_path)]
    days = Annotated[int, Query(ge=1, le=3650, description="How far back.")]

    @routes.post(f"{VARIANT}/usage")
    async def report(_: reporter, variant_id: target, body: UsageBody) -> TakenAnswer:
        """Add a report to the counts of the variant."""
        await registry.store.existing(variant_id)
        records = [record.record() for record in body.records]
        return TakenAnswer(taken=await usage.add(variant_id, body.report, records, now=clock()))

    @routes.get(f"{VARIANT}/operations")
    async def operations(_: reader, variant_id: target, days: days = 30) -> OperationsAnswer:
        """The operations that clients sent, those with most requests first."""
        await registry.store.existing(variant_id)
        used = await usage.since([variant_id], clock() - timedelta(days=days))
        return OperationsAnswer(operations=[OperationAnswer.of(one) for one in by_operation(used)])

    @routes.get(f"{VARIANT}/usage.jsonl", response_class=PlainTextResponse)
    async def export(_: reader, variant_id: target, days: days = 30) -> str:
        """The same as JSON lines, for `plait check --usage`."""
        await registry.store.existing(variant_id)
        used = await usage.since([variant_id], clock() - timedelta(days=days))
        return as_jsonl(used)

    return routes
