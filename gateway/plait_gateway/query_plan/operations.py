"""The GraphQL text of a fetch: its canonical form, and how an entity operation wraps what it asks for."""

from graphql import (
    ArgumentNode,
    FieldNode,
    ListTypeNode,
    NamedTypeNode,
    NameNode,
    NonNullTypeNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableDefinitionNode,
    VariableNode,
    parse,
)

from plait_gateway.query_plan.minified import minified

REPRESENTATIONS = "representations"
ENTITIES = "_entities"


def operation_text(operation: OperationDefinitionNode) -> str:
    """The canonical text of an operation, as it is sent: no character that GraphQL ignores."""
    return minified(operation)


def parse_operation(text: str) -> OperationDefinitionNode:
    """The one operation that a fetch's text holds. Raises ValueError where it holds anything else."""
    match parse(text, no_location=True).definitions:
        case (OperationDefinitionNode() as operation,):
            return operation
        case _:
            raise ValueError("a fetch holds one operation and nothing else")


def entity_operation(
    operation: OperationDefinitionNode, variable: str = REPRESENTATIONS
) -> OperationDefinitionNode:
    """Wrap an operation on `_Entity` into one on Query that asks `_entities` for what a variable holds."""
    entities = entities_field(operation.selection_set, variable)
    return OperationDefinitionNode(
        operation=OperationType.QUERY,
        name=operation.name,
        variable_definitions=(representations_definition(variable), *(operation.variable_definitions or ())),
        directives=operation.directives,
        selection_set=SelectionSetNode(selections=(entities,)),
    )


def asked_of_entities(
    operation: OperationDefinitionNode, variable: str = REPRESENTATIONS
) -> OperationDefinitionNode:
    """The inverse of `entity_operation`. Raises ValueError for an operation that is not of that form."""
    match operation.selection_set.selections:
        case (FieldNode(name=NameNode(value="_entities"), selection_set=SelectionSetNode() as asked),):
            return OperationDefinitionNode(
                operation=operation.operation,
                name=operation.name,
                variable_definitions=tuple(
                    definition
                    for definition in operation.variable_definitions or ()
                    if definition.variable.name.value != variable
                ),
                directives=operation.directives,
                selection_set=asked,
            )
        case _:
            raise ValueError("a fetch with representations asks `_entities` and nothing else")


def variables_of(operation: OperationDefinitionNode) -> tuple[str, ...]:
    """The variables that an operation declares, sorted."""
    return tuple(
        sorted(definition.variable.name.value for definition in operation.variable_definitions or ())
    )


def entities_field(asked: SelectionSetNode, variable: str, alias: NameNode | None = None) -> FieldNode:
    """The field that asks something of the entities whose representations a variable holds."""
    representations = ArgumentNode(
        name=NameNode(value=REPRESENTATIONS), value=VariableNode(name=NameNode(value=variable))
    )
    return FieldNode(
        alias=alias, name=NameNode(value=ENTITIES), arguments=(representations,), selection_set=asked
    )


def representations_definition(variable: str) -> VariableDefinitionNode:
    """The definition of a variable that holds representations."""
    any_ = NonNullTypeNode(type=NamedTypeNode(name=NameNode(value="_Any")))
    return VariableDefinitionNode(
        variable=VariableNode(name=NameNode(value=variable)),
        type=NonNullTypeNode(type=ListTypeNode(type=any_)),
    )
