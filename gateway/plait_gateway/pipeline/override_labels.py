"""Which labels of progressive `@override` are on for one request."""

import re
from collections.abc import Callable
from typing import TypeAlias

from plait_gateway.config import OverrideLabelsConfig
from plait_gateway.pipeline.request import GraphQLRequest

#: Chooses among the labels that an operation can meet.
DecideLabels: TypeAlias = Callable[[GraphQLRequest, frozenset[str]], frozenset[str]]

_PERCENT = re.compile(r"percent\(([0-9.]+)\)")


def labels_by_configuration(config: OverrideLabelsConfig, draw: Callable[[], float]) -> DecideLabels:
    """What the request says, where it may; else what the configuration says; else by the label's percentage.

    `draw` gives a number from 0 to below 1, once for each request: what is on for 5 percent of them is on
    whenever something is that is on for 10, so that few combinations have to be planned. A label that nothing
    is known about is off.
    """
    active = frozenset(config.active)

    def decide(request: GraphQLRequest, labels: frozenset[str]) -> frozenset[str]:
        if request.override_labels is not None:
            return labels & request.override_labels
        drawn = draw() * 100
        return frozenset(label for label in labels if label in active or drawn < share(label))

    def share(label: str) -> float:
        if (configured := config.percentages.get(label)) is not None:
            return configured
        percent = _PERCENT.fullmatch(label)
        return float(percent[1]) if percent else 0.0

    return decide
