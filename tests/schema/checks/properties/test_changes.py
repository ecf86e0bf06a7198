"""Whatever changes: what makes an operation invalid is a breaking change that touches it."""

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLSchema,
    OperationDefinitionNode,
    VariableDefinitionNode,
    parse,
    validate,
)
from graphql.execution.values import get_variable_values
from graphql.utilities import find_breaking_changes
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plait_schema.checks.changes import Criticality, diff, graph_of_schema, graph_of_supergraph
from plait_schema.checks.operations import RecordedOperation, mentions
from plait_schema.composition import compose
from plait_schema.diagnostics import (
    FIELD_TYPE_NARROWED_BESIDE_OTHERS,
    VALUE_REMOVED_FROM_OUTPUT_ENUM,
    Location,
)
from tests.schema.checks.properties.edits import ANY, GENTLE, Edit, built, edited, parsed
from tests.schema.checks.properties.operations import random_operation, random_variables
from tests.schema.properties.graphs import Federation, federations

SEEDS = st.integers(0, 2**32)
QUICK = [HealthCheck.too_slow, HealthCheck.data_too_large]


@settings(max_examples=40, suppress_health_check=QUICK)
@given(federations(), SEEDS)
def test_what_makes_an_operation_invalid_is_a_breaking_change_that_touches_it(
    federation: Federation, seed: int
) -> None:
    chance = random.Random(seed)
    before, after = _edited(federation.sdl, chance, ANY, times=chance.randrange(1, 4))
    changes = diff(graph_of_schema(before), graph_of_schema(after))
    for document in _operations(before, chance, 12):
        errors = validate(after, document)
        if errors:
            mentioned = mentions(RecordedOperation("", None, document, Location("", None, 1, 1)), before)
            touching = [change for change in changes if mentioned.intersection(change.touches)]
            assert any(change.may_invalidate for change in touching), (errors[0].message, changes)


@settings(max_examples=20, suppress_health_check=QUICK)
@given(federations(), SEEDS)
def test_additions_and_promises_are_never_breaking_and_leave_operations_valid(
    federation: Federation, seed: int
) -> None:
    chance = random.Random(seed)
    before, after = _edited(federation.sdl, chance, GENTLE, times=3)
    changes = diff(graph_of_schema(before), graph_of_schema(after))
    assert all(change.criticality is not Criticality.BREAKING for change in changes)
    if not any(change.code is FIELD_TYPE_NARROWED_BESIDE_OTHERS for change in changes):
        for document in _operations(before, chance, 12):
            assert validate(after, document) == []


@settings(max_examples=30, suppress_health_check=QUICK)
@given(federations(), SEEDS)
def test_what_graphql_core_finds_breaking_is_breaking(federation: Federation, seed: int) -> None:
    """But for what no operation can mention, and for values that clients only get."""
    chance = random.Random(seed)
    before, after = _edited(federation.sdl, chance, ANY, times=1)
    changes = diff(graph_of_schema(before), graph_of_schema(after))
    if find_breaking_changes(before, after):
        assert any(
            change.criticality is Criticality.BREAKING
            or change.unreachable
            or change.code is VALUE_REMOVED_FROM_OUTPUT_ENUM
            for change in changes
        )


@settings(max_examples=25, suppress_health_check=QUICK)
@given(federations(), SEEDS)
def test_what_makes_variables_unacceptable_is_a_breaking_change_that_touches_the_operation(
    federation: Federation, seed: int
) -> None:
    """Also where the operation stays valid: as when an input object gets a required field."""
    chance = random.Random(seed)
    before, after = _edited(federation.sdl, chance, ANY, times=chance.randrange(1, 4))
    changes = diff(graph_of_schema(before), graph_of_schema(after))
    for document in _operations(before, chance, 12):
        if validate(after, document):
            continue
        values = random_variables(chance, before, _variables(document))
        assert _refused(before, document, values) is None
        if (refused := _refused(after, document, values)) is not None:
            mentioned = mentions(RecordedOperation("", None, document, Location("", None, 1, 1)), before)
            touching = [change for change in changes if mentioned.intersection(change.touches)]
            assert any(change.criticality is Criticality.BREAKING for change in touching), (refused, changes)


@settings(max_examples=8, suppress_health_check=QUICK)
@given(federations())
def test_a_graph_does_not_differ_from_itself(federation: Federation) -> None:
    sdl = compose(federation.subgraphs).supergraph_sdl
    assert sdl is not None
    assert diff(graph_of_supergraph(sdl), graph_of_supergraph(sdl)) == ()
    backwards = compose(federation.subgraphs[::-1]).supergraph_sdl
    assert backwards is not None
    assert diff(graph_of_supergraph(sdl), graph_of_supergraph(backwards)) == ()


def test_the_random_edits_and_operations_are_of_all_kinds() -> None:
    """Otherwise the properties above would say nothing."""
    found: Counter[str] = Counter()

    @settings(max_examples=25, database=None, suppress_health_check=QUICK)
    @given(federations(), SEEDS)
    def count(federation: Federation, seed: int) -> None:
        chance = random.Random(seed)
        before, after = _edited(federation.sdl, chance, ANY, times=5)
        found.update(change.code.name for change in diff(graph_of_schema(before), graph_of_schema(after)))
        operations = list(_operations(before, chance, 30))
        found["valid"] += len(operations)
        found["invalidated"] += sum(bool(validate(after, each)) for each in operations)
        for each in operations:
            if not validate(after, each):
                values = random_variables(chance, before, _variables(each))
                found["refused"] += _refused(after, each, values) is not None

    count()
    assert found["valid"] > 200
    assert found["invalidated"] > 40
    assert found["refused"] > 0
    assert len(found) > 15


def _edited(
    sdl: str, chance: random.Random, edits: Iterable[Edit], *, times: int
) -> tuple[GraphQLSchema, GraphQLSchema]:
    document = parsed(sdl)
    before, choices = built(document), tuple(edits)
    for _ in range(times):
        document = edited(document, chance, choices)
    after = built(document)
    assert before is not None
    assert after is not None
    return before, after


def _variables(document: DocumentNode) -> Sequence[VariableDefinitionNode]:
    (operation,) = (node for node in document.definitions if isinstance(node, OperationDefinitionNode))
    return operation.variable_definitions or ()


def _refused(schema: GraphQLSchema, document: DocumentNode, values: Mapping[str, Any]) -> str | None:
    """Why the values cannot be the operation's variables (specification, 6.1.2); None if they can."""
    coerced = get_variable_values(schema, _variables(document), dict(values))
    return coerced[0].message if isinstance(coerced, list) else None


def _operations(schema: GraphQLSchema, chance: random.Random, times: int) -> Iterator[DocumentNode]:
    for _ in range(times):
        document = parse(random_operation(chance, schema))
        if not validate(schema, document):
            yield document
