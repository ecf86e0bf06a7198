"""Random query plans of the form that nodes.py promises."""

from hypothesis import strategies as st

from plait_gateway.query_plan import (
    BatchFetch,
    Condition,
    ContextRead,
    ContextVariable,
    Each,
    Fetch,
    Flatten,
    Key,
    On,
    OperationKind,
    Parallel,
    PathElement,
    PlanNode,
    QueryPlan,
    Rename,
    Representation,
    RepresentationField,
    RepresentationFragment,
    Sequence,
    operation_text,
)
from plait_gateway.query_plan.operations import parse_operation

names = st.sampled_from(("a", "b", "id", "_0", "Product", "Fetch", "query", "fragment", "service", "Then"))
subgraph_names = st.sampled_from(("a", "the-users", 'say "hi"', "} => {", "é", "\\"))
path_elements: st.SearchStrategy[PathElement] = st.one_of(
    names.map(Key), st.just(Each()), st.lists(names, min_size=1, max_size=3).map(lambda on: On(tuple(on)))
)
paths = st.lists(path_elements, max_size=5).map(tuple)

VALUES = st.sampled_from(
    ["5", "-1.5", "RED", "null", '["a" {x:true}]', '"=> } \\" \\u00e9"', '"""block } => """']
)
VARIABLE_TYPES = st.sampled_from(["Int", "[String!]!", "Color", 'String="x => }"', "[Int]=[1 2]"])


@st.composite
def selection_sets(draw: st.DrawFn, depth: int = 3) -> str:
    """The text of a selection set."""
    selections = []
    for _ in range(draw(st.integers(1, 3))):
        nested = draw(selection_sets(depth - 1)) if depth and draw(st.booleans()) else ""
        alias, name = draw(st.one_of(st.just(""), names.map(lambda name: f"{name}:"))), draw(names)
        arguments = f"({draw(names)}:{draw(VALUES)})" if draw(st.booleans()) else ""
        directive = "@include(if:$yes)" if draw(st.booleans()) else ""
        if nested and draw(st.booleans()):
            selections.append(f"...on {name}{directive}{nested}")
        else:
            selections.append(f"{alias}{name}{arguments}{directive}{nested}")
    return "{" + " ".join(selections) + "}"


kinds: st.SearchStrategy[OperationKind] = st.sampled_from(("query", "mutation", "subscription"))

reads = st.lists(
    st.builds(ContextRead, st.integers(0, 12), st.lists(path_elements, min_size=1, max_size=3).map(tuple)),
    min_size=1,
    max_size=3,
)


@st.composite
def fetches(draw: st.DrawFn, *, in_batch_of: str | None = None) -> Fetch:
    """A fetch; one in a batch has representations, no contexts, and the batch's subgraph."""
    variables = draw(st.lists(names, max_size=3, unique=True))
    definitions = " ".join(f"${name}:{draw(VARIABLE_TYPES)}" for name in variables)
    filled = variables[:1] if in_batch_of is None and draw(st.booleans()) else []
    asked = draw(selection_sets())
    at_least = 0 if in_batch_of is None else 1
    representations = tuple(draw(st.lists(representation_rules, min_size=at_least, max_size=2)))
    kind: OperationKind = "query" if representations else draw(kinds)
    sent_as = draw(st.sampled_from(("representations", "_sent"))) if representations else "representations"
    if representations:
        declared = f"${sent_as}:[_Any!]! {definitions}"
        operation = f"query({declared}){{_entities(representations:${sent_as}){asked}}}"
    elif definitions or kind != "query":
        operation = kind + (f"({definitions})" if definitions else "") + asked
    else:
        operation = asked
    return Fetch(
        in_batch_of or draw(subgraph_names),
        operation_text(parse_operation(operation)),
        kind,
        tuple(sorted(name for name in variables if name not in filled)),
        representations,
        tuple(draw(st.lists(st.builds(Rename, paths, names, names), max_size=2))),
        tuple(ContextVariable(name, tuple(draw(reads)), draw(st.booleans())) for name in filled),
        sent_as,
    )


nested_selections: st.SearchStrategy[tuple[RepresentationField | RepresentationFragment, ...]] = st.deferred(
    lambda: st.lists(
        st.one_of(
            st.builds(RepresentationField, names, names),
            st.builds(RepresentationField, names, names, nested_selections),
            st.builds(RepresentationFragment, names, nested_selections),
        ),
        min_size=1,
        max_size=2,
    ).map(tuple)
)
representation_rules = st.builds(
    Representation,
    names,
    st.lists(
        st.one_of(
            st.builds(RepresentationField, names, names, key=st.booleans()),
            st.builds(RepresentationField, names, names, nested_selections, key=st.booleans()),
            st.builds(RepresentationFragment, names, nested_selections),
        ),
        max_size=3,
    ).map(tuple),
    st.one_of(st.none(), names),
)


@st.composite
def batches(draw: st.DrawFn) -> BatchFetch:
    subgraph = draw(subgraph_names)
    fetched = fetches(in_batch_of=subgraph)
    placed = st.builds(Flatten, paths, fetched)
    batched = st.one_of(fetched, placed, st.builds(Condition, names, placed, st.one_of(st.none(), placed)))
    return BatchFetch(subgraph, tuple(draw(st.lists(batched, min_size=1, max_size=3))))


nodes: st.SearchStrategy[PlanNode] = st.recursive(
    st.one_of(fetches(), batches()),
    lambda inner: st.one_of(
        st.builds(Flatten, paths, inner),
        st.lists(inner, max_size=3).map(lambda children: Sequence(tuple(children))),
        st.lists(inner, max_size=3).map(lambda children: Parallel(tuple(children))),
        st.builds(Condition, names, st.one_of(st.none(), inner), st.one_of(st.none(), inner)),
    ),
    max_leaves=5,
)
plans = st.one_of(st.none(), nodes).map(QueryPlan)
