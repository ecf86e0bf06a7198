"""The operations of the benchmark, and their right answers."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from graphql import GraphQLSchema

from benchmarks.workload.documents import Document, read_document
from benchmarks.workload.records import Record, identifier
from benchmarks.workload.resolvers import WHOLE

_HERE: Final = Path(__file__).parent
_FIRST_VARYING: Final = 1_000  # beyond what the other operations ask for
_VARYING: Final = 900_000


@dataclass(frozen=True, slots=True)
class Shape:
    """One operation; `varying` ones ask for another user in every request."""

    name: str
    shows: str
    variables: Record
    varying: bool = False

    @property
    def query(self) -> str:
        return _read(self.name)

    def variables_of(self, number: int) -> Record:
        """The variables of the request with this number."""
        if not self.varying:
            return self.variables
        # Jumps about, and comes back to the same user after 900,000 requests only.
        return {"id": identifier(_FIRST_VARYING + number * 100_003 % _VARYING)}

    def body_of(self, number: int) -> bytes:
        """The HTTP body of the request with this number."""
        return json.dumps({"query": self.query, "variables": self.variables_of(number)}).encode()

    def document(self, api_schema: GraphQLSchema) -> Document:
        """What tells the right answers."""
        return read_document(api_schema, WHOLE, self.query)


@cache
def _read(name: str) -> str:
    return (_HERE / f"{name}.graphql").read_text("utf-8")


SHAPES: Final = {
    shape.name: shape
    for shape in (
        Shape("heavy", "the executor: lists in lists, shared entities, `@requires`", {}),
        Shape("two-step", "an entity fetch; the fixed cost of a step", {}),
        Shape("one-fetch", "the fixed cost of a request", {"id": identifier(7)}),
        Shape("varying", "the honest one: every request asks for another user", {}, varying=True),
    )
}
