"""The Boolean variables that decide what is in a response: there is one program for each of their values."""

from collections.abc import Iterable, Iterator, Mapping

from graphql import (
    ArgumentNode,
    DirectiveNode,
    FieldNode,
    FragmentDefinitionNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
)

from plait_gateway.query_plan import (
    BatchFetch,
    Condition,
    Flatten,
    Parallel,
    PlanNode,
    QueryPlan,
    Sequence,
)


def condition_variables(
    plan: QueryPlan, operation: OperationDefinitionNode, fragments: Mapping[str, FragmentDefinitionNode]
) -> tuple[str, ...]:
    """The variables in `@skip` and `@include` of the operation, and in conditions of the plan; sorted.

    Those of introspection's `includeDeprecated` are among them: whole schemas are introspected in advance.
    """
    selection_sets = [operation.selection_set, *(fragment.selection_set for fragment in fragments.values())]
    found = {name for selection_set in selection_sets for name in _in_selections(selection_set)}
    if plan.node is not None:
        found.update(_in_plan(plan.node))
    return tuple(sorted(found))


def _in_selections(selection_set: SelectionSetNode) -> Iterator[str]:
    for selection in selection_set.selections:
        for directive in selection.directives or ():
            yield from _in_directive(directive)
        if isinstance(selection, FieldNode):
            yield from _variables(selection.arguments or (), "includeDeprecated")
        if isinstance(selection, FieldNode | InlineFragmentNode) and selection.selection_set is not None:
            yield from _in_selections(selection.selection_set)


def _in_directive(directive: DirectiveNode) -> Iterator[str]:
    if directive.name.value in ("skip", "include"):
        yield from _variables(directive.arguments or (), "if")


def _variables(arguments: Iterable[ArgumentNode], name: str) -> Iterator[str]:
    for argument in arguments:
        if argument.name.value == name and isinstance(argument.value, VariableNode):
            yield argument.value.name.value


def _in_plan(node: PlanNode) -> Iterator[str]:
    match node:
        case Condition(variable, then, otherwise):
            yield variable
            for child in (then, otherwise):
                if child is not None:
                    yield from _in_plan(child)
        case Flatten(node=child):
            yield from _in_plan(child)
        case Sequence(nodes) | Parallel(nodes) | BatchFetch(nodes=nodes):
            for child in nodes:
                yield from _in_plan(child)
