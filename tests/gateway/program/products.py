"""A graph, and running plans on it both ways."""

from collections.abc import Collection, Mapping
from typing import Any

from graphql import FieldNode, OperationDefinitionNode, Visitor, visit

from plait_gateway.executor import ExecutionResult
from plait_gateway.executor.program import Counters
from plait_gateway.query_plan import parse_plan
from tests.gateway.executor.world import ClientOperation, Graph, canned
from tests.gateway.program.both import both

GRAPH = Graph.of(
    """
    scalar Date
    type Query { products(first: Int): [[Product!]]  product: Product!  shelf: Shelf  node: Node  item: Item
                 today: Date  ratio: Float }
    type Mutation { rename: Product  move(to: String): Shelf  sell: Product }
    interface Node { id: ID!  label: String }
    union Item = Product | Shelf
    type Product implements Node {
      id: ID!  label: String  sku: String  maker: Maker  price(currency: String): Int  weight: Float
      shipping: Int  parts: [Part!]  similar: [Product]  owner: Node
    }
    type Part { size: Int  colour: String }
    type Maker { code: ID  country: Country }
    type Country { iso: String }
    type Shelf implements Node {
      id: ID!  label(n: String): String  maker: Maker  room: Int!  stock: Int  parts: [Part]  name: String
    }
    """
)


async def run(
    operation: str,
    plan: str,
    answers: Mapping[str, Any],
    variables: Mapping[str, Any] | None = None,
    counters: Counters | None = None,
    denied: Collection[str] = (),
) -> ExecutionResult:
    """`denied` are the names of fields that the client may not see."""
    client = ClientOperation.of(operation, GRAPH.api_schema)
    return await both(
        parse_plan(plan),
        client,
        schema=GRAPH.schema,
        api_schema=GRAPH.api_schema,
        variables=variables or {},
        send=canned(**answers).send,
        counters=counters if counters is not None else Counters(),
        denied=frozenset(id(node) for node in fields_in(client.definition) if node.name.value in denied),
    )


def fields_in(operation: OperationDefinitionNode) -> list[FieldNode]:
    """The fields of an operation without fragments."""
    found: list[FieldNode] = []

    class Finding(Visitor):
        def enter_field(self, node: FieldNode, *_: object) -> None:
            found.append(node)

    visit(operation, Finding())
    return found


async def compiled(operation: str, plan: str, answers: Mapping[str, Any], **variables: Any) -> Any:
    """The data, of an execution that was compiled to its end."""
    counters = Counters()
    result = await run(operation, plan, answers, variables, counters)
    assert counters == Counters(programs_compiled=1, executions_compiled=1)
    return result.data


def answer(**data: Any) -> Any:
    return {"data": data}
