"""Whether a selection takes exactly one value of an argument's type from the type that sets a context."""

from collections.abc import Iterable

from graphql import (
    FieldNode,
    GraphQLError,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLNullableOutputType,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    GraphQLString,
    InlineFragmentNode,
    SelectionSetNode,
    TypeNode,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
    is_object_type,
    print_ast,
    type_from_ast,
)
from graphql.utilities import is_type_sub_type_of

from plait_schema.federation import parse_field_set
from plait_schema.subgraph.rules.field_sets import directives_in, selection_problems


def selection_problem(
    field_set: str, setter: str, argument_type: TypeNode, schema: GraphQLSchema
) -> str | None:
    """Why the value cannot come from the type `setter`, None when it can.

    The selection is one field, with one field below it as often as needed; or type conditions, with such a
    selection in each, of which one at most applies to an object. The argument must take null wherever it may
    be: it is null when no condition applies, when the object that sets the context is, or when its subgraph
    fails.
    """
    try:
        selection_set = parse_field_set(field_set)
    except GraphQLError as error:
        return f"it is no selection ({error.message})"
    if directives := directives_in(selection_set):
        return f"it applies @{directives[0]}"
    if any(isinstance(selection, FieldNode) for selection in selection_set.selections):
        return _one_value_problem(selection_set, setter, argument_type, schema)
    if any(
        isinstance(selection, InlineFragmentNode) and selection.type_condition is None
        for selection in selection_set.selections
    ):
        return "a fragment of it has no type condition"
    for possible in _possible_types(schema.get_type(setter), schema):
        matching = [
            selection
            for selection in selection_set.selections
            if isinstance(selection, InlineFragmentNode) and _applies(selection, possible)
        ]
        if not matching and possible.name == setter:
            return f"no type condition applies to {setter}"
        if len(matching) > 1:
            return f"{len(matching)} type conditions apply to {possible.name}, and only one can"
        for fragment in matching:
            inner = fragment.selection_set
            if problem := _one_value_problem(inner, possible.name, argument_type, schema):
                return problem
    return None


def unused_condition(field_set: str, setters: Iterable[str], schema: GraphQLSchema) -> str | None:
    """A type condition of the selection that no object setting the context meets, None when all are met."""
    possible = {type_.name for name in setters for type_ in _possible_types(schema.get_type(name), schema)}
    try:
        selection_set = parse_field_set(field_set)
    except GraphQLError:
        return None
    return next(
        (
            condition.name.value
            for selection in selection_set.selections
            if isinstance(selection, InlineFragmentNode)
            and (condition := selection.type_condition)
            and condition.name.value not in possible
        ),
        None,
    )


def _possible_types(type_: GraphQLNamedType | None, schema: GraphQLSchema) -> list[GraphQLObjectType]:
    if type_ is None:
        return []
    if is_object_type(type_):
        return [type_]
    return list(schema.get_possible_types(type_)) if is_abstract_type(type_) else []


def _applies(fragment: InlineFragmentNode, type_: GraphQLObjectType) -> bool:
    return fragment.type_condition is not None and fragment.type_condition.name.value == type_.name


def _one_value_problem(
    selection_set: SelectionSetNode, parent: str, argument_type: TypeNode, schema: GraphQLSchema
) -> str | None:
    if problems := selection_problems(selection_set, parent, schema):
        return problems[0].rstrip(".?")
    selected = _selected_type(selection_set, schema.get_type(parent))
    if isinstance(selected, str):
        return selected
    expected = type_from_ast(schema, argument_type)
    if expected is not None and is_type_sub_type_of(schema, selected, expected):
        return None
    is_null_missing = expected is not None and is_type_sub_type_of(schema, GraphQLNonNull(selected), expected)
    why = ", since what is on the way to it may be null" if is_null_missing else ""
    return f"it is of type {selected}{why}, but the argument is of type {print_ast(argument_type)}"


def _selected_type(
    selection_set: SelectionSetNode, parent: GraphQLNamedType | None
) -> GraphQLNullableOutputType | str:
    """The type of the one value that the selection takes, or why it does not take one."""
    match selection_set.selections:
        case (FieldNode(name=name, selection_set=inner),):
            pass
        case _:
            return "it must select one field at every level"
    if name.value == "__typename":
        return GraphQLString
    if not isinstance(parent, GraphQLObjectType | GraphQLInterfaceType) or name.value not in parent.fields:
        return f"{name.value} is no field that holds a value"
    type_ = parent.fields[name.value].type
    named = get_named_type(type_)
    if inner is None:
        return _listed(type_, named) if is_leaf_type(named) else f"{name.value} has fields of its own"
    selected = _selected_type(inner, named)
    return selected if isinstance(selected, str) else _listed(type_, selected)


def _listed(outer: GraphQLOutputType, inner: GraphQLNullableOutputType) -> GraphQLNullableOutputType:
    """The inner type in as many lists as the outer one has."""
    match outer:
        case GraphQLNonNull(of_type=nullable):
            return _listed(nullable, inner)
        case GraphQLList(of_type=item):
            return GraphQLList(_listed(item, inner))
        case _:
            return inner
