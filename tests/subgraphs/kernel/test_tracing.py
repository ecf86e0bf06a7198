"""One story, from a mutation to what another context does about it, as spans and in the logs."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import strawberry
import structlog
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanContext, SpanKind, StatusCode, format_trace_id
from sqlalchemy import select

from subgraphs.kernel.application.buses import QueryBus
from subgraphs.kernel.domain import RandomIds
from subgraphs.kernel.graphql.app import GraphQLApp
from subgraphs.kernel.graphql.context import Info
from subgraphs.kernel.graphql.schema import FederatedSchema
from subgraphs.kernel.graphql.tokens import PublishedKeys, TokenVerifier
from subgraphs.kernel.logs import add_trace
from subgraphs.kernel.messaging.integration import Envelope
from subgraphs.kernel.messaging.retry import RetryPolicy
from subgraphs.kernel.messaging.subscriptions import Subscription
from subgraphs.kernel.messaging.worker import Worker, WorkerOptions
from subgraphs.kernel.store.tables import outbox
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.kernel.telemetry.tracing import record_spans
from subgraphs.kernel.testing.client import request
from subgraphs.kernel.testing.clock import FakeClock
from tests.subgraphs.kernel.orchard import STORE, ApplePicked, Orchard, PickApple, orchard, plant, store_apple
from tests.subgraphs.kernel.templates import Templates

TRACE = "0af7651916cd43dd8448eb211c80319c"
CLIENTS = f"00-{TRACE}-b7ad6b7169203331-01"


@strawberry.type
class Query:
    ripe: bool = True


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def pick(self, info: Info, name: str) -> str:
        await info.context.execute(PickApple(name))
        return name


SCHEMA = FederatedSchema(query=Query, mutation=Mutation)


@pytest.fixture
def planted(templates: Templates, tmp_path: Path) -> str:
    """On one kind of database: traces are the same on all."""
    return templates.file(plant, tmp_path)


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    record_spans(provider)
    yield exporter
    record_spans(None)
    provider.shutdown()


def app(garden: Orchard, folder: Path) -> GraphQLApp:
    return GraphQLApp(
        SCHEMA,
        commands=garden.commands,
        queries=QueryBus(garden.transactions.database),
        tokens=TokenVerifier(
            PublishedKeys(folder / "jwks.json"),
            issuer="test",
            audience="test",
            clock=FakeClock(),
            is_withdrawn=lambda *_: False,
        ),
        ids=RandomIds(),
    )


async def pick(garden: Orchard, folder: Path, *, traceparent: str | None) -> None:
    headers = {"content-type": "application/json"} | ({"traceparent": traceparent} if traceparent else {})
    body = json.dumps({"query": 'mutation { mine: pick(name: "a") }'}).encode()
    response = await request(app(garden, folder), "POST", "/graphql", headers=headers, body=body)
    assert response.json() == {"data": {"mine": "a"}}


async def stored_traceparents(garden: Orchard) -> list[str | None]:
    async with garden.transactions.database.read() as connection:
        return [json.loads(meta)["traceparent"] for meta in await connection.scalars(select(outbox.c.meta))]


def context_of(span: ReadableSpan) -> SpanContext:
    assert isinstance(span.context, SpanContext)
    return span.context


async def test_a_mutation_is_one_trace_and_its_handlers_are_linked_to_it(
    garden: Orchard, spans: InMemorySpanExporter, tmp_path: Path
) -> None:
    await pick(garden, tmp_path, traceparent=CLIENTS)
    await Worker(garden.transactions).drain()

    transaction, command, mutation, served, handled = spans.get_finished_spans()
    assert [span.name for span in (served, mutation, command, transaction)] == [
        "POST /graphql",
        "mutation pick",
        "command PickApple",
        "transaction",
    ]
    assert (served.kind, served.attributes) == (SpanKind.SERVER, {"plait.context": "orchard"})
    assert {format_trace_id(context_of(span).trace_id) for span in (served, mutation, command)} == {TRACE}
    assert served.parent is not None
    assert served.parent.span_id == int("b7ad6b7169203331", 16)
    for inner, outer in ((transaction, command), (command, mutation), (mutation, served)):
        assert inner.parent is not None
        assert inner.parent.span_id == context_of(outer).span_id
    assert command.attributes == {"plait.context": "orchard", "plait.outcome": "done"}

    assert (handled.name, handled.kind) == ("handle orchard.apple_picked", SpanKind.CONSUMER)
    assert handled.parent is None
    assert context_of(handled).trace_id != context_of(served).trace_id
    (link,) = handled.links
    assert link.context.span_id == context_of(transaction).span_id
    assert (handled.attributes or {})["plait.outcome"] == "done"


async def test_a_handler_that_fails_is_seen_in_its_span(
    planted: str, clock: FakeClock, spans: InMemorySpanExporter, quiet: None
) -> None:
    async def refuse(message: Envelope[ApplePicked], work: UnitOfWork) -> None:
        await store_apple(message, work)
        raise ValueError("no room")

    async with orchard(planted, clock, Subscription("cellar.store", ApplePicked, refuse)) as garden:
        await garden.pick("a")
        worker = Worker(garden.transactions, options=WorkerOptions(retry=RetryPolicy(attempts=2)))
        await worker.drain()
        clock.advance(timedelta(minutes=1))
        await worker.drain()
    first, second = (span for span in spans.get_finished_spans() if span.kind is SpanKind.CONSUMER)
    for span, outcome in ((first, "retried"), (second, "dead")):
        assert (span.attributes or {})["plait.outcome"] == outcome
        assert span.status.status_code is StatusCode.ERROR
        assert span.status.description == "ValueError: no room"


async def test_log_lines_name_the_story_and_the_span(
    garden: Orchard, spans: InMemorySpanExporter, tmp_path: Path
) -> None:
    lines: list[dict[str, object]] = []

    def keep(_logger: object, _method: str, event: structlog.types.EventDict) -> structlog.types.EventDict:
        lines.append(dict(event))
        raise structlog.DropEvent

    before = structlog.get_config()
    structlog.configure(processors=[structlog.contextvars.merge_contextvars, add_trace, keep])
    try:
        await pick(garden, tmp_path, traceparent=CLIENTS)
    finally:
        structlog.configure(**before)
    (line,) = (line for line in lines if line["event"] == "PickApple")
    assert line["trace_id"] == TRACE
    assert line["correlation_id"]


@pytest.mark.parametrize("traceparent", [CLIENTS, None])
async def test_without_a_collector_a_clients_trace_is_handed_on_and_nothing_else(
    planted: str, clock: FakeClock, tmp_path: Path, traceparent: str | None
) -> None:
    async with orchard(planted, clock, STORE) as garden:
        await pick(garden, tmp_path, traceparent=traceparent)
        await Worker(garden.transactions).drain()
        assert await stored_traceparents(garden) == [traceparent]
