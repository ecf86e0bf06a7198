"""Plan nodes: frozen data that says what to fetch, in what order, and where answers go.

A plan fills one *response tree*: JSON objects under response keys, the gateway's internal fields among
them. Every answer of a fetch is merged into the tree at the fetch's place. The client's operation then
picks its own fields out of the tree, so that what is internal never shows.

The tree's rule for `__typename`: an object keeps the first name that is an object type of the
supergraph. A name that is an interface (from a subgraph with `@interfaceObject`) gives way to it.
Fetches ask `__typename` under this name only, wherever the type is not known from the schema or the
client wants it. What the client selects as `x: __typename` is read from the tree's `__typename`.
Introspection (`__schema`, `__type`) and the root's `__typename` are the executor's own: no fetch asks.

Two answers for the same place are merged deeply: objects by key, lists item by item (a value type's
parts may come from several subgraphs, through the same field asked in each).
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

OperationKind: TypeAlias = Literal["query", "mutation", "subscription"]


@dataclass(frozen=True, slots=True)
class Key:
    """Step into the object under a response key."""

    name: str


@dataclass(frozen=True, slots=True)
class Each:
    """Step into every item of a list; written `@`."""


@dataclass(frozen=True, slots=True)
class On:
    """Go on with objects of these run-time types only; written `|[A,B]`."""

    types: tuple[str, ...]


PathElement: TypeAlias = Key | Each | On


@dataclass(frozen=True, slots=True)
class RepresentationField:
    """A value sent in a representation under `name`, read from the tree under `source`.

    They differ where a required field had to be fetched under an internal alias. A composite value has
    selections of its own; a list on the way applies them to every item. Null is a value like any other
    where `@requires` asks for the field. In a key it is not: see Representation.
    """

    name: str
    source: str
    selections: "tuple[RepresentationField | RepresentationFragment, ...]" = ()
    key: bool = False  # part of the key at the top level of the representation


@dataclass(frozen=True, slots=True)
class RepresentationFragment:
    """Fields sent only when the nested object is of run-time type `on`, or of a type that implements it."""

    on: str
    selections: "tuple[RepresentationField | RepresentationFragment, ...]"


@dataclass(frozen=True, slots=True)
class Representation:
    """How an object at the fetch's place becomes an item of `representations`.

    It applies to objects whose `__typename` is `on` or a type that implements or belongs to it. Sent as
    `__typename` is `typename` if given (a subgraph with `@interfaceObject` knows the interface's name
    only), else the object's own. An object without every field of it is not sent, and neither is one
    whose `key` fields are all null, since nothing is identified by that; what the fetch would have
    brought is null there.
    """

    on: str
    fields: tuple[RepresentationField | RepresentationFragment, ...]
    typename: str | None = None


@dataclass(frozen=True, slots=True)
class ContextRead:
    """A place where the value of a context may stand: a path from the object `up` objects above.

    Zero is the object itself. A path that begins with types reads from objects of these types only.
    """

    up: int
    path: "tuple[PathElement, ...]"


@dataclass(frozen=True, slots=True)
class ContextVariable:
    """A variable that the gateway fills from what stands above each object (`@fromContext`).

    Reads come nearest first. The nearest object that a read is for decides: the value is what the first
    of its reads finds, or null. An object without a value that is `required` is not sent.
    """

    name: str
    reads: tuple[ContextRead, ...]
    required: bool = False


@dataclass(frozen=True, slots=True)
class Rename:
    """A response key of the fetch's answer that stands under another key in the response tree.

    Fields that the client may select under one response key (on different object types) can have
    shapes that one subgraph operation cannot hold together; they are asked under `alias`. `path` leads
    from the fetch's place to the objects that may have it. It steps by the answer's own response keys,
    so renames that stand deeper come first.
    """

    path: "tuple[PathElement, ...]"
    alias: str
    response_key: str


@dataclass(frozen=True, slots=True)
class Fetch:
    """One request to one subgraph.

    With `representations` the operation asks `_entities(representations: $representations)`, and its
    answers are merged in order into the objects at the place; without, the operation's data is merged
    into every object at the place, which is the root where no Flatten leads elsewhere. Of several
    representations the first one that applies to an object is sent. Objects whose `contexts` have different
    values are asked in requests of their own, since a variable has one value in a request.
    """

    subgraph: str  # the name of the supergraph's @join__graph
    operation: str  # GraphQL text, one operation, fragments inlined
    kind: OperationKind = "query"
    variables: tuple[str, ...] = ()  # the client's variables that the operation uses, sorted
    representations: tuple[Representation, ...] = ()
    renames: tuple[Rename, ...] = ()  # carried out on the answer before it is merged, in this order
    contexts: tuple[ContextVariable, ...] = ()  # with representations only; not among `variables`
    representations_variable: str = "representations"  # another name where the client's has this one


@dataclass(frozen=True, slots=True)
class Flatten:
    """Run a node at every object which a path leads to; entity fetches there are sent as one request."""

    path: tuple[PathElement, ...]
    node: "PlanNode"


@dataclass(frozen=True, slots=True)
class BatchFetch:
    """Several fetches of entities from one subgraph, as one request.

    A node is a Fetch with representations and without contexts, below Flattens and Conditions of its own.
    Each different fetch is an `_entities` field of the request, under an alias and with representations of
    its own. Equal fetches at several places are one such field: every entity is sent once. A fetch that has
    no objects to go on from sends no representations; where none has any, there is no request.
    """

    subgraph: str
    nodes: "tuple[PlanNode, ...]"


@dataclass(frozen=True, slots=True)
class Sequence:
    """Run nodes one after another."""

    nodes: "tuple[PlanNode, ...]"


@dataclass(frozen=True, slots=True)
class Parallel:
    """Run nodes at the same time; none reads what another brings."""

    nodes: "tuple[PlanNode, ...]"


@dataclass(frozen=True, slots=True)
class Condition:
    """Run one node or the other by the value of a Boolean variable of the client's."""

    variable: str
    then: "PlanNode | None" = None
    otherwise: "PlanNode | None" = None


PlanNode: TypeAlias = Fetch | BatchFetch | Flatten | Sequence | Parallel | Condition


@dataclass(frozen=True, slots=True)
class QueryPlan:
    """What to run for one operation; None when no subgraph has to be asked (introspection alone).

    `notice` says what is not as good about it as it might be; the text form is without it.
    """

    node: PlanNode | None
    notice: str | None = None
