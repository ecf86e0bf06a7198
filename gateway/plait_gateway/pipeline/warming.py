"""What is planned for a graph before the first request asks it."""

import asyncio
import logging
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from graphql import OperationDefinitionNode

from plait_gateway.config import WarmUpConfig
from plait_gateway.pipeline.document import ValidDocument
from plait_gateway.pipeline.kept import Kept
from plait_gateway.pipeline.override_labels import DecideLabels
from plait_gateway.pipeline.request import GraphQLRequest, Refused
from plait_gateway.pipeline.stages import Stages
from plait_gateway.supergraph import ServedGraph

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Expected:
    """An operation that will probably be asked, with what its plan and its programs depend on.

    Without labels of `@override` they are decided as for a request.
    """

    text: str
    operation_name: str | None
    labels: frozenset[str] | None = None
    conditions: tuple[Mapping[str, bool], ...] = ({},)


@dataclass(frozen=True, slots=True)
class Warming:
    """Plans for a graph what will probably be asked of it, until the time is over.

    One plan after the other is made, so that requests to the graph being served hardly notice.
    """

    stages: Stages
    decide_labels: DecideLabels
    graph: ServedGraph
    kept: Kept

    async def warm_up(
        self, config: WarmUpConfig, documents: Mapping[str, str], before: Kept | None = None
    ) -> None:
        """Plan the documents, by the files that they are from, and what the graph before was asked again."""
        with suppress(TimeoutError):
            async with asyncio.timeout(config.seconds):
                for file, text in documents.items():
                    document = await self.stages.read(text, self.graph, self.kept)
                    if isinstance(document, Refused):
                        _log.warning("%s does not fit the graph: %s", file, document.errors[0].message)
                        continue
                    for expected in _operations_in(text, document):
                        await self._expect(expected)
                if before is not None:
                    for expected in tuple(islice(_asked_again(before), config.operations)):
                        await self._expect(expected)

    async def _expect(self, expected: Expected) -> None:
        try:
            await self._make_ready(expected)
        except Exception:  # noqa: BLE001 - ours, and it is told again when a request asks it
            _log.exception("this operation could not be planned in advance:\n%s", expected.text)

    async def _make_ready(self, expected: Expected) -> None:
        graph, kept = self.graph, self.kept
        request = GraphQLRequest(expected.text, expected.operation_name)
        document = kept.documents.get(request.query) or await self.stages.read(request.query, graph, kept)
        if isinstance(document, Refused):
            return
        chosen = await self.stages.choose(document, request, graph, kept)
        if isinstance(chosen, Refused):
            return
        labels = self.decide_labels(request, chosen.labels) if expected.labels is None else expected.labels
        key = (chosen.normalized, chosen.labels & labels, None)
        executable = kept.executables.get(key)
        executable = executable or await self.stages.plan(key, chosen, graph, kept, is_rare=False)
        if not isinstance(executable, Refused):
            for conditions in expected.conditions:
                await executable.compile(conditions)


def _operations_in(text: str, document: ValidDocument) -> Iterator[Expected]:
    """Every operation of a document."""
    for definition in document.ast.definitions:
        if isinstance(definition, OperationDefinitionNode):
            yield Expected(text, definition.name.value if definition.name else None)


def _asked_again(kept: Kept) -> Iterator[Expected]:
    """The operations that were asked more than once, the last ones first."""
    texts: dict[str, tuple[str, str | None]] = {}
    for text, document in kept.documents.latest_first():
        if not isinstance(document, Refused):
            for name, chosen in document.chosen.items():
                texts.setdefault(chosen.normalized, (text, name))
    for (normalized, labels, _denied), executable in kept.executables.latest_first():
        if normalized in texts and not isinstance(executable, Refused) and executable.compiled_for:
            yield Expected(*texts[normalized], labels, executable.compiled_for)
