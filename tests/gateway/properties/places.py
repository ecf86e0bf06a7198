"""Where a subgraph can answer badly: a small graph in which each kind of fetch has a subgraph of its own."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from plait_gateway.clients import SubgraphRequest, SubgraphResponse
from plait_gateway.executor import ExecutionResult
from plait_gateway.executor.program import Counters, Executable
from plait_gateway.query_plan import QueryPlan, parse_plan
from tests.gateway.executor.world import ClientOperation, Graph, as_read
from tests.gateway.program.both import Answering, both
from tests.gateway.properties.damage import at, places
from tests.gateway.properties.validity import violations

GRAPH = Graph.of(
    """
    type Query { products: [Product] }
    type Mutation { rename: Product }
    type Product { id: ID!  name: String!  price: Int  size: Size  reviews: [Review!]  shipping: Int }
    type Review { body: String  author: User! }
    type User { id: ID!  name: String! }
    enum Size { S M }
    """
)
FETCHES = {
    "REVIEWS": """Fetch(service: "reviews") {
        { ... on Product { __typename id } } =>
        { ... on Product { reviews { body author { __typename id } } } }
    }""",
    "USERS": """Fetch(service: "users") {
        { ... on User { __typename id } } => { ... on User { __typename name } }
    }""",
    "SHIPPING": """Fetch(service: "shipping") {
        { ... on Product { __typename id price @requires } } => { ... on Product { shipping } }
    }""",
}
QUERY = """QueryPlan { Sequence {
    Fetch(service: "products") { { products { __typename id name price size } } }
    Parallel {
        Sequence {
            Flatten(path: "products.@") { REVIEWS }
            Flatten(path: "products.@.reviews.@.author") { USERS }
        }
        Flatten(path: "products.@") { SHIPPING }
    }
} }"""
MUTATION = """QueryPlan { Sequence {
    Fetch(service: "changes") { mutation { rename { __typename id name price size } } }
    Flatten(path: "rename") { SHIPPING }
} }"""
SELECTED = "{ __typename name size shipping reviews { __typename body author { __typename name } } }"

TABLE = {"__typename": "Product", "id": "1", "name": "Table", "price": 5, "size": "S"}
COUCH = {"__typename": "Product", "id": "2", "name": "Couch", "price": None, "size": None}
ADA = {"__typename": "User", "id": "u1"}
BO = {"__typename": "User", "id": "u2"}
ENTITIES: Mapping[str, Mapping[str, Any]] = {
    "reviews": {
        "1": {"reviews": [{"body": "good", "author": ADA}, {"body": None, "author": BO}]},
        "2": {"reviews": [{"body": "bad", "author": ADA}]},
    },
    "users": {
        "u1": {"__typename": "User", "name": "Ada"},
        "u2": {"__typename": "User", "name": "Bo"},
    },
    "shipping": {"1": {"shipping": 6}, "2": {"shipping": 1}},
}
GOOD: Mapping[str, dict[str, Any]] = {
    "products": {"products": [TABLE, None, COUCH, TABLE]},
    "changes": {"rename": TABLE},
    **{name: {"_entities": list(found.values())} for name, found in ENTITIES.items()},
}

#: What stands for each place in a subgraph's answer: who fetches there is the subgraph.
SUBGRAPHS = ("products", "reviews", "users", "shipping", "changes")

UNBLAMED = ("DEPENDENCY_FAILED", "ERRORS_LEFT_OUT")  # codes of errors about errors

Answer: TypeAlias = bytes | SubgraphResponse


@dataclass(frozen=True)
class Operation:
    """An operation with its plan, and what compiles it once."""

    plan: QueryPlan
    client: ClientOperation
    executable: Executable

    @classmethod
    def of(cls, text: str, plan: str) -> "Operation":
        for name, fetch in FETCHES.items():
            plan = plan.replace(name, fetch)
        client = ClientOperation.of(text, GRAPH.api_schema)
        parsed = parse_plan(plan)
        return cls(
            parsed,
            client,
            Executable(parsed, client, schema=GRAPH.schema, api_schema=GRAPH.api_schema, counters=Counters()),
        )

    async def run(self, send: Answering) -> ExecutionResult:
        """What the interpreter makes of the answers; the compiled program gives the same."""
        return await both(
            self.plan,
            self.client,
            schema=GRAPH.schema,
            api_schema=GRAPH.api_schema,
            variables={},
            send=send,
            counters=Counters(),
            executable=self.executable,
        )

    def check(self, result: ExecutionResult, good: Any, victim: str) -> None:
        """The response is valid, has no value that is not good, and errors that blame the victim."""
        assert violations(result.data, self.client, GRAPH.api_schema) == []
        assert result.data is not None or result.errors
        for error in result.errors:
            blamed = error.extensions.get("serviceName")
            assert blamed == victim or error.extensions["code"] in UNBLAMED
            assert leads_somewhere(error.path or (), result.data)
        for path in places(result.data):
            value = at(result.data, path)
            assert value is None or isinstance(value, dict | list) or value == at(good, path), path


def operation_of(victim: str) -> Operation:
    """A new one that asks the subgraph."""
    if victim == "changes":
        return Operation.of("mutation { __typename rename { __typename name size shipping } }", MUTATION)
    return Operation.of(f"{{ __typename products {SELECTED} }}", QUERY)


def body_of(request: SubgraphRequest) -> dict[str, Any]:
    """The good answer."""
    found = ENTITIES.get(request.subgraph)
    if found is None:
        return {"data": GOOD[request.subgraph]}
    return {
        "data": {"_entities": [found.get(one["id"]) for one in as_read(request).variables["representations"]]}
    }


def answering(victim: str, damage: Callable[[dict[str, Any]], Answer]) -> Answering:
    """Subgraphs of which one is damaged."""

    async def send(request: SubgraphRequest) -> SubgraphResponse:
        good = body_of(request)
        answer: Answer = damage(good) if request.subgraph == victim else json.dumps(good).encode()
        if isinstance(answer, bytes):
            return SubgraphResponse(200, "application/json", answer)
        return answer

    return send


def leads_somewhere(path: tuple[str | int, ...], value: Any) -> bool:
    """Whether a path leads to something in the response, or to a null on the way."""
    for step in path:
        match value, step:
            case None, _:
                return True
            case dict(), str() if step in value:
                value = value[step]
            case list(), int() if 0 <= step < len(value):
                value = value[step]
            case _:
                return False
    return True
