"""What is counted of requests, and how it gets away."""

import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from graphql import parse, print_ast

from plait_gateway.config import GatewayConfig, UsageConfig
from plait_gateway.pipeline.signature import SentOperation, signature_of
from plait_gateway.planner import Operation
from plait_gateway.usage import UsageRecorder, UsageReporter
from plait_gateway.usage.recorder import MOST_ENTRIES
from plait_gateway.usage.sinks import FileSink, SinkFailed
from plait_schema.usage import UsageRecord

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)


SIGNATURES = (
    ('{ login(password: "secret", age: 31, ratio: 1.5) }', '{ login(password: "", age: 0, ratio: 0) }'),
    (
        'query Q($v: [Int!] = [1, 2]) { a(v: $v, s: """x""") }',
        'query Q($v: [Int!] = [0, 0]) { a(v: $v, s: "") }',
    ),
    ("{ a(in: { mode: FAST, on: true, to: null }) }", "{ a(in: { mode: FAST, on: true, to: null }) }"),
    (
        "query A { a { ...F } } query B { b }"
        "fragment F on T { ...G } fragment G on T { g } fragment H on T { h }",
        "query A { a { ...F } } fragment F on T { ...G } fragment G on T { g }",
    ),
    ("{ a { ... on T { b } ... @include(if: true) { c } } } # the end", None),
)  # fmt: skip


@pytest.mark.parametrize(("document", "signature"), SIGNATURES)
def test_signatures(document: str, signature: str | None) -> None:
    name = "A" if "query A" in document else None
    given = signature_of(Operation.from_document(parse(document), name))
    assert print_ast(parse(given)) == print_ast(parse(signature or document))
    assert "secret" not in given


def recorder() -> UsageRecorder:
    return UsageRecorder(clock=lambda: NOON)


def test_counts_add_up_until_they_are_taken() -> None:
    usage = recorder()
    for seconds, failed in ((0.001, False), (0.001, True), (0.008, False)):
        usage.record(SentOperation("{ me }", "Me"), b"web", b"1", seconds, failed=failed)
    usage.record(SentOperation("{ me }", "Me"), b"ios", b"", 0.001, failed=False)
    assert usage.take() == (
        UsageRecord("{ me }", "Me", "web", "1", 3, 1, NOON, NOON, {0: 2, 12: 1}),
        UsageRecord("{ me }", "Me", "ios", "", 1, 0, NOON, NOON, {0: 1}),
    )
    assert usage.take() == ()


def test_what_keeps_changing_does_not_fill_the_memory() -> None:
    usage = recorder()
    for number in range(MOST_ENTRIES + 7):
        usage.record(SentOperation("{ me }", None), f"client {number}".encode(), b"", 0.001, failed=False)
    assert len(usage.take()) == MOST_ENTRIES
    assert usage.metric().samples[0].value == 7


class Sink:
    """Takes reports unless it is told to fail."""

    def __init__(self) -> None:
        self.reports: list[tuple[str, Sequence[UsageRecord]]] = []
        self.failing: SinkFailed | None = None

    def write(self, records: Sequence[UsageRecord], report: str) -> None:
        self.reports.append((report, records))
        if self.failing is not None:
            raise self.failing


async def test_what_is_not_taken_is_sent_again_under_the_same_number() -> None:
    usage, sink = recorder(), Sink()
    reporter = UsageReporter(usage, sink, interval=60)
    sink.failing = SinkFailed("away")
    usage.record(SentOperation("{ one }", None), b"", b"", 0.001, failed=False)
    await reporter.report()
    usage.record(SentOperation("{ two }", None), b"", b"", 0.001, failed=False)
    await reporter.report()
    sink.failing = None
    await reporter.report()
    (first, _), (again, _), (taken, records), (second, _) = sink.reports
    assert first == again == taken != second
    assert [record.document for record in records] == ["{ one }"]


async def test_what_is_refused_is_not_sent_again() -> None:
    usage, sink = recorder(), Sink()
    reporter = UsageReporter(usage, sink, interval=60)
    sink.failing = SinkFailed("forbidden", is_final=True)
    usage.record(SentOperation("{ one }", None), b"", b"", 0.001, failed=False)
    await reporter.report()
    await reporter.report()
    assert len(sink.reports) == 1


async def test_the_rest_is_reported_at_the_end(tmp_path: Path) -> None:
    usage, file = recorder(), tmp_path / "usage.jsonl"
    running = asyncio.create_task(UsageReporter(usage, FileSink(file), interval=60).run())
    await asyncio.sleep(0)
    usage.record(SentOperation("{ me }", "Me"), b"web", b"1", 0.001, failed=False)
    running.cancel()
    await asyncio.wait({running})
    (line,) = file.read_text().splitlines()
    assert json.loads(line)["operation"]["document"] == "{ me }"


@pytest.mark.parametrize("wrong", [{"interval": 0.0}, {"client_name_header": "a b"}])
def test_settings(wrong: dict[str, float | str]) -> None:
    with pytest.raises(ValueError, match=r"interval must be|no name of a header"):
        GatewayConfig(usage=UsageConfig(**wrong))  # type: ignore[arg-type]  # of the right types, of course
