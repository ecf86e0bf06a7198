"""The fields of the introspection types, as functions of a schema's parts (specification, section 4.2)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    is_abstract_type,
    print_ast,
)
from graphql.utilities import get_default_value_ast

#: Fields, arguments, input fields and enum values do not know their names.
_Named = tuple[str, Any]


@dataclass(frozen=True, slots=True)
class MetaField:
    """A field of an introspection type: its value of a part of the schema, and of which type that is.

    `of` is None for a leaf. `may_hide`: deprecated items are left out unless `includeDeprecated`.
    """

    read: Callable[[Any, GraphQLSchema], Any]
    of: str | None = None
    is_list: bool = False
    may_hide: bool = False


_KINDS = {
    GraphQLScalarType: "SCALAR",
    GraphQLObjectType: "OBJECT",
    GraphQLInterfaceType: "INTERFACE",
    GraphQLUnionType: "UNION",
    GraphQLEnumType: "ENUM",
    GraphQLInputObjectType: "INPUT_OBJECT",
    GraphQLList: "LIST",
    GraphQLNonNull: "NON_NULL",
}
_HAVE_FIELDS = (GraphQLObjectType, GraphQLInterfaceType)


def _attribute(name: str) -> Callable[[Any, GraphQLSchema], Any]:
    return lambda part, _: getattr(part, name, None)


def _of_definition(name: str) -> Callable[[_Named, GraphQLSchema], Any]:
    return lambda part, _: getattr(part[1], name)


def _kind(type_: Any, _: GraphQLSchema) -> str:
    return next(kind for base, kind in _KINDS.items() if isinstance(type_, base))


def _fields(type_: Any, _: GraphQLSchema) -> Iterable[_Named] | None:
    return type_.fields.items() if isinstance(type_, _HAVE_FIELDS) else None


def _interfaces(type_: Any, _: GraphQLSchema) -> Iterable[Any] | None:
    return type_.interfaces if isinstance(type_, _HAVE_FIELDS) else None


def _possible_types(type_: Any, schema: GraphQLSchema) -> Iterable[Any] | None:
    return schema.get_possible_types(type_) if is_abstract_type(type_) else None


def _enum_values(type_: Any, _: GraphQLSchema) -> Iterable[_Named] | None:
    return type_.values.items() if isinstance(type_, GraphQLEnumType) else None


def _input_fields(type_: Any, _: GraphQLSchema) -> Iterable[_Named] | None:
    return type_.fields.items() if isinstance(type_, GraphQLInputObjectType) else None


def _is_one_of(type_: Any, _: GraphQLSchema) -> bool | None:
    return type_.is_one_of if isinstance(type_, GraphQLInputObjectType) else None


def _default_value(part: _Named, _: GraphQLSchema) -> str | None:
    node = get_default_value_ast(part[1])
    return None if node is None else print_ast(node)


_NAME_OF_PART = MetaField(lambda part, _: part[0])
_DESCRIPTION = MetaField(_attribute("description"))
_DESCRIPTION_OF_PART = MetaField(_of_definition("description"))
_TYPE_OF_PART = MetaField(_of_definition("type"), "__Type")
_DEPRECATION_OF_PART = {
    "isDeprecated": MetaField(lambda part, _: part[1].deprecation_reason is not None),
    "deprecationReason": MetaField(_of_definition("deprecation_reason")),
}

#: The introspection types that are objects, with their fields.
META_FIELDS: Mapping[str, Mapping[str, MetaField]] = {
    "__Schema": {
        "description": _DESCRIPTION,
        "types": MetaField(lambda schema, _: schema.type_map.values(), "__Type", is_list=True),
        "queryType": MetaField(_attribute("query_type"), "__Type"),
        "mutationType": MetaField(_attribute("mutation_type"), "__Type"),
        "subscriptionType": MetaField(_attribute("subscription_type"), "__Type"),
        "directives": MetaField(_attribute("directives"), "__Directive", is_list=True, may_hide=True),
    },
    "__Type": {
        "kind": MetaField(_kind),
        "name": MetaField(_attribute("name")),
        "description": _DESCRIPTION,
        "specifiedByURL": MetaField(_attribute("specified_by_url")),
        "fields": MetaField(_fields, "__Field", is_list=True, may_hide=True),
        "interfaces": MetaField(_interfaces, "__Type", is_list=True),
        "possibleTypes": MetaField(_possible_types, "__Type", is_list=True),
        "enumValues": MetaField(_enum_values, "__EnumValue", is_list=True, may_hide=True),
        "inputFields": MetaField(_input_fields, "__InputValue", is_list=True, may_hide=True),
        "ofType": MetaField(_attribute("of_type"), "__Type"),
        "isOneOf": MetaField(_is_one_of),
    },
    "__Field": {
        "name": _NAME_OF_PART,
        "description": _DESCRIPTION_OF_PART,
        "args": MetaField(lambda part, _: part[1].args.items(), "__InputValue", is_list=True, may_hide=True),
        "type": _TYPE_OF_PART,
        **_DEPRECATION_OF_PART,
    },
    "__InputValue": {
        "name": _NAME_OF_PART,
        "description": _DESCRIPTION_OF_PART,
        "type": _TYPE_OF_PART,
        "defaultValue": MetaField(_default_value),
        **_DEPRECATION_OF_PART,
    },
    "__EnumValue": {
        "name": _NAME_OF_PART,
        "description": _DESCRIPTION_OF_PART,
        **_DEPRECATION_OF_PART,
    },
    "__Directive": {
        "name": MetaField(_attribute("name")),
        "description": _DESCRIPTION,
        "isRepeatable": MetaField(_attribute("is_repeatable")),
        "locations": MetaField(lambda directive, _: [location.name for location in directive.locations]),
        "args": MetaField(lambda directive, _: directive.args.items(), "__InputValue", True, True),
        "isDeprecated": MetaField(lambda directive, _: directive.deprecation_reason is not None),
        "deprecationReason": MetaField(_attribute("deprecation_reason")),
    },
}


def is_deprecated(part: Any) -> bool:
    """Whether a directive, or a part with its name, is deprecated."""
    definition = part[1] if isinstance(part, tuple) else part
    return definition.deprecation_reason is not None
