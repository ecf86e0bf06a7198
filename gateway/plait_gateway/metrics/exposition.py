"""Prometheus' text format, version 0.0.4."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

Labels: TypeAlias = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sample:
    """A number, by labels. `suffix` is what a histogram's parts add to the name."""

    value: float
    labels: Labels
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Metric:
    """All samples under one name."""

    name: str
    kind: Literal["counter", "gauge", "histogram"]
    meaning: str
    samples: tuple[Sample, ...]


def counter(name: str, meaning: str, by: str, values: Mapping[str, float]) -> Metric:
    """A counter with one label."""
    return Metric(name, "counter", meaning, _by(by, values))


def gauge(name: str, meaning: str, by: str, values: Mapping[str, float]) -> Metric:
    """A gauge with one label."""
    return Metric(name, "gauge", meaning, _by(by, values))


def written(metrics: Iterable[Metric]) -> str:
    """The text, in the order of the metrics."""
    return "".join(f"{line}\n" for metric in metrics for line in _lines(metric))


def _by(label: str, values: Mapping[str, float]) -> tuple[Sample, ...]:
    return tuple(Sample(value, {label: key}) for key, value in sorted(values.items()))


def _lines(metric: Metric) -> Iterator[str]:
    yield f"# HELP {metric.name} {metric.meaning}"
    yield f"# TYPE {metric.name} {metric.kind}"
    for sample in metric.samples:
        labels = ",".join(f'{name}="{_escaped(value)}"' for name, value in sample.labels.items())
        yield f"{metric.name}{sample.suffix}{f'{{{labels}}}' if labels else ''} {sample.value:.16g}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
