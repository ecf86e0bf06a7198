"""Spans, from a request to the last handler it leads to, by OpenTelemetry.

Nothing is recorded, and `span` costs two microseconds, until somebody says where spans go to. A message
carries the trace context in which it was published (W3C `traceparent`); what its handlers do much later is a
trace of its own, linked to that one.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TypeAlias

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import INVALID_SPAN, Link, Span, SpanKind, StatusCode, Tracer, TracerProvider
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

Attributes: TypeAlias = Mapping[str, str | int]

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
_PROPAGATOR = TraceContextTextMapPropagator()

_tracer: Tracer | None = None


def export_traces() -> bool:
    """Send spans by OTLP over HTTP to where the environment says (OTEL_EXPORTER_OTLP_ENDPOINT), if it does.

    OpenTelemetry's other variables hold as well: OTEL_SERVICE_NAME, OTEL_TRACES_SAMPLER, OTEL_SDK_DISABLED.
    Whether spans are sent.
    """
    if not any(os.environ.get(name) for name in _ENDPOINTS):
        return False
    # Half a second of imports, for those who want them.
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider as SdkTracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = SdkTracerProvider(resource=Resource.create({"service.name": _service_name()}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    record_spans(provider)
    return True


def record_spans(provider: TracerProvider | None) -> None:
    """Make spans with this provider from now on; None makes no more."""
    global _tracer
    _tracer = provider.get_tracer("plait.subgraphs") if provider is not None else None


@contextmanager
def span(
    name: str,
    attributes: Attributes | None = None,
    *,
    kind: SpanKind = SpanKind.INTERNAL,
    parent: str | None = None,
) -> Iterator[Span]:
    """A step of what is going on: of the trace of `parent` (a traceparent), else of what is around it.

    What is raised in it is recorded, and goes on.
    """
    if _tracer is None:
        yield INVALID_SPAN
        return
    context = _PROPAGATOR.extract({"traceparent": parent}) if parent else None
    with _tracer.start_as_current_span(name, context, kind, attributes) as current:
        yield current


@contextmanager
def linked_span(name: str, attributes: Attributes, *, cause: str | None) -> Iterator[Span]:
    """The beginning of a trace of its own, linked to what caused it (a traceparent)."""
    if _tracer is None:
        yield INVALID_SPAN
        return
    caused_by = trace.get_current_span(_PROPAGATOR.extract({"traceparent": cause or ""})).get_span_context()
    links = [Link(caused_by)] if caused_by.is_valid else []
    with _tracer.start_as_current_span(name, Context(), SpanKind.CONSUMER, attributes, links) as current:
        yield current


def record_failure(error: BaseException) -> None:
    """The span that is open here failed, with an error that goes no further."""
    if _tracer is not None:
        current = trace.get_current_span()
        current.record_exception(error)
        current.set_status(StatusCode.ERROR, f"{type(error).__name__}: {error}")


def current_traceparent() -> str | None:
    """Of the span that is open here; None when none is recorded."""
    if _tracer is None:
        return None
    carrier: dict[str, str] = {}
    _PROPAGATOR.inject(carrier)
    return carrier.get("traceparent")


def current_ids() -> tuple[str, str] | None:
    """The trace's and the span's id, as logs show them."""
    if _tracer is None:
        return None
    context = trace.get_current_span().get_span_context()
    if not context.is_valid:
        return None
    return trace.format_trace_id(context.trace_id), trace.format_span_id(context.span_id)


def _service_name() -> str:
    return os.environ.get("OTEL_SERVICE_NAME") or "plait-subgraphs"
