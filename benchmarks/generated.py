"""Graphs of any size that look like those of companies: entities that several subgraphs extend, value types
that some share, interfaces, unions, enums, inputs, `@requires` and `@provides`. About 20 types a subgraph.
"""

from collections.abc import Iterator
from typing import Final

from plait_schema.subgraph import SubgraphSource

_ENTITIES: Final = 8  # owned by each subgraph
_LINK: Final = (
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: '
    '["@key", "@shareable", "@external", "@requires", "@provides", "@tag"])'
)
_SHARED: Final = """
type PageInfo @shareable { hasNextPage: Boolean! endCursor: String }
type Money @shareable { amountMinor: Int! currency: Currency! }
enum Currency { EUR USD GBP }
interface Node { id: ID! }
scalar DateTime
"""


def company(subgraphs: int) -> tuple[SubgraphSource, ...]:
    """A graph in which each subgraph owns entities and extends those of its three predecessors."""
    return tuple(
        SubgraphSource(f"s{number:03}", f"http://127.0.0.1/s{number:03}", _subgraph(number, subgraphs))
        for number in range(subgraphs)
    )


def _subgraph(number: int, subgraphs: int) -> str:
    neighbours = sorted({(number - back) % subgraphs for back in (1, 2, 3)} - {number})
    return "\n".join(
        [
            _LINK,
            _SHARED,
            *(_entity(number, place) for place in range(_ENTITIES)),
            *_values(number),
            *(text for back, of in enumerate(neighbours) for text in _extensions(number, of, back)),
            _root(number),
        ]
    )


def _entity(number: int, place: int) -> str:
    name = f"S{number}E{place}"
    second_key = ' @key(fields: "code region { name }")' if place == 0 else ""
    return f"""
    type {name} implements Node & S{number}Named @key(fields: "id"){second_key} {{
      id: ID!
      code: String!
      region: S{number}Region!
      name: String! @tag(name: "public")
      description: String
      price: Money
      weight: Float
      status: S{number}Status!
      createdAt: DateTime!
      next: S{number}E{(place + 1) % _ENTITIES}
      similar(first: Int! = 10, filter: S{number}Filter): S{number}Connection!
    }}"""


def _values(number: int) -> Iterator[str]:
    members = " | ".join(f"S{number}E{place}" for place in range(_ENTITIES))
    yield f"""
    interface S{number}Named {{ name: String! }}
    type S{number}Region {{ name: String! country: String! }}
    enum S{number}Status {{ DRAFT ACTIVE RETIRED }}
    input S{number}Filter {{ text: String status: S{number}Status = ACTIVE minimum: Int = 0 }}
    input S{number}Change {{ id: ID! name: String status: S{number}Status }}
    type S{number}Payload {{ result: S{number}Result errors: [S{number}Problem!]! }}
    type S{number}Problem {{ code: String! message: String! }}
    union S{number}Result = {members}
    type S{number}Connection {{ edges: [S{number}Edge!]! pageInfo: PageInfo! }}
    type S{number}Edge {{ cursor: String! node: S{number}E0! }}
    type S{number}Statistics {{ count: Int! total: Money latest: S{number}Event }}
    type S{number}Event {{ at: DateTime! subject: S{number}Result }}
    """


def _extensions(number: int, of: int, back: int) -> Iterator[str]:
    """Entities of another subgraph with more fields, and one field that requires what the owner knows."""
    yield f"""
    type S{of}E{back} @key(fields: "id") {{
      id: ID!
      price: Money @external
      weight: Float @external
      s{number}Statistics: S{number}Statistics
      s{number}Related(first: Int! = 5): [S{number}E0!]!
      s{number}Shipping: Int @requires(fields: "weight price {{ amountMinor }}")
    }}
    type S{of}E{back + 1} @key(fields: "id") {{
      id: ID!
      s{number}Owner: S{number}E1
      s{number}Score: Float
    }}"""


def _root(number: int) -> str:
    return f"""
    type Query {{
      s{number}(id: ID!): S{number}E0
      s{number}Search(text: String!, first: Int! = 10): S{number}Connection!
      s{number}Node(id: ID!): S{number}Named
      s{number}Latest: [S{number}Event!]!
    }}
    type Mutation {{
      s{number}Change(input: S{number}Change!): S{number}Payload!
    }}"""


def overlapping(subgraphs: int, *, entities: int = 20) -> tuple[SubgraphSource, ...]:
    """The hard case: every subgraph has every entity, fields overlap, and keys differ from one to the next.

    There are many ways to each field, and nearly all of them are as good as another.
    """
    return tuple(
        SubgraphSource(f"o{number:03}", f"http://127.0.0.1/o{number:03}", _overlapping(number, entities))
        for number in range(subgraphs)
    )


def _overlapping(number: int, entities: int) -> str:
    link = _LINK
    keys = [f"key{(number + step) % _KEYS}" for step in range(2)]
    applied = " ".join(f'@key(fields: "{key}")' for key in keys)
    types = [
        f"type T{place} {applied} @shareable {{ "
        + " ".join(f"{key}: ID!" for key in keys)
        + f" f{number % 7}: String f{(number + 1) % 7}: String own{number}: Int"
        + f" next{(number + place) % 3}: T{(place + 1) % entities}"
        + f" all{(number + place) % 3}: [T{(place + 7) % entities}!]! }}"
        for place in range(entities)
    ]
    return "\n".join([link, *types, f"type Query {{ o{number}: T0 @shareable start: T{0} @shareable }}"])


_KEYS: Final = 4
