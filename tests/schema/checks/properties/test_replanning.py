"""Operations that a change is said not to touch the plans of are planned as before."""

import random
from collections import Counter

from graphql import parse, validate
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plait_gateway.plan_shapes import planner_of
from plait_schema.checks.operations import RecordedOperation, mentions
from plait_schema.checks.plans import NoPlan, PlanShape
from plait_schema.checks.replanning import may_change_plans
from plait_schema.composition import compose
from plait_schema.diagnostics import Location
from plait_schema.subgraph import SubgraphSource
from plait_schema.supergraph import read_supergraph
from tests.schema.checks.properties.operations import random_operation
from tests.schema.properties.graphs import Federation, federations

NOWHERE = Location("", None, 1, 1)


def test_what_is_not_planned_anew_has_the_plan_that_it_had() -> None:
    seen: Counter[str] = Counter()

    @settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
    @given(federations(), st.integers(0, 2**32))
    def compare(federation: Federation, seed: int) -> None:
        chance = random.Random(seed)
        one = compose(federation.subgraphs).supergraph_sdl
        other = compose(_changed(federation.subgraphs, chance)).supergraph_sdl
        if one is None or other is None or one == other:
            return
        before, after = read_supergraph(one), read_supergraph(other)
        names = may_change_plans(before, after)
        plan_before, plan_after = planner_of(before).plan, planner_of(after).plan
        for _ in range(12):
            document = parse(random_operation(chance, before.api_schema))
            if validate(before.api_schema, document) or validate(after.api_schema, document):
                continue
            operation = RecordedOperation("", None, document, NOWHERE)
            if names.isdisjoint(mentions(operation, before.api_schema)):
                seen["as before"] += 1
                assert _told(plan_before(document)) == _told(plan_after(document))
            else:
                seen["anew"] += 1

    compare()
    assert min(seen["as before"], seen["anew"]) > 5, seen


def _told(planned: PlanShape | NoPlan) -> str:
    return planned.text() if isinstance(planned, PlanShape) else planned.message


def _changed(subgraphs: tuple[SubgraphSource, ...], chance: random.Random) -> list[SubgraphSource]:
    """Without one of the subgraphs, or without a line of one of them: a field, most likely."""
    place = chance.randrange(len(subgraphs))
    others = [*subgraphs[:place], *subgraphs[place + 1 :]]
    if chance.random() < 0.3:
        return others
    lines = subgraphs[place].sdl.splitlines()
    fields = [number for number, line in enumerate(lines) if ":" in line and "{" not in line]
    if not fields:
        return others
    del lines[chance.choice(fields)]
    one = subgraphs[place]
    return [*others, SubgraphSource(one.name, one.url, "\n".join(lines))]
