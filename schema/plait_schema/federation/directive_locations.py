"""Where directives may stand: https://spec.graphql.org/draft/#ExecutableDirectiveLocation."""

from graphql import DirectiveDefinitionNode, DirectiveLocation

_EXECUTABLE = frozenset(
    {
        DirectiveLocation.QUERY.name,
        DirectiveLocation.MUTATION.name,
        DirectiveLocation.SUBSCRIPTION.name,
        DirectiveLocation.FIELD.name,
        DirectiveLocation.FRAGMENT_DEFINITION.name,
        DirectiveLocation.FRAGMENT_SPREAD.name,
        DirectiveLocation.INLINE_FRAGMENT.name,
        DirectiveLocation.VARIABLE_DEFINITION.name,
    }
)


def executable_locations(node: DirectiveDefinitionNode) -> tuple[str, ...]:
    """The places in operations where the directive may stand."""
    return tuple(sorted(name.value for name in node.locations if name.value in _EXECUTABLE))
