"""What is planned for a graph before the first request asks it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graphql import OperationDefinitionNode

from plait_gateway.authorization import Denied
from plait_gateway.executor.program import Executable
from plait_gateway.pipeline.cache import Cache
from plait_gateway.pipeline.document import ValidDocument
from plait_gateway.pipeline.request import Refused


@dataclass(frozen=True, slots=True)
class Expected:
    """An operation that will probably be asked, with what its plan and its programs depend on.

    Without labels of `@override` they are decided as for a request.
    """

    text: str
    operation_name: str | None
    labels: frozenset[str] | None = None
    conditions: tuple[Mapping[str, bool], ...] = ({},)


def operations_in(text: str, document: ValidDocument) -> Iterator[Expected]:
    """Every operation of a document."""
    for definition in document.ast.definitions:
        if isinstance(definition, OperationDefinitionNode):
            yield Expected(text, definition.name.value if definition.name else None)


def asked_again(
    documents: Cache[str, ValidDocument | Refused],
    executables: Cache[tuple[str, frozenset[str], Denied | None], Executable | Refused],
) -> Iterator[Expected]:
    """The operations that were asked more than once, the last ones first."""
    texts: dict[str, tuple[str, str | None]] = {}
    for text, document in documents.latest_first():
        if not isinstance(document, Refused):
            for name, chosen in document.chosen.items():
                texts.setdefault(chosen.normalized, (text, name))
    for (normalized, labels, _denied), executable in executables.latest_first():
        if normalized in texts and not isinstance(executable, Refused) and executable.compiled_for:
            yield Expected(*texts[normalized], labels, executable.compiled_for)
