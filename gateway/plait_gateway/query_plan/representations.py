"""The text form of representations: a selection set of inline fragments, one a representation."""

from collections.abc import Iterable, Iterator
from typing import assert_never

from graphql import FieldNode, InlineFragmentNode, SelectionSetNode, StringValueNode

from plait_gateway.query_plan.nodes import Representation, RepresentationField, RepresentationFragment

_REQUIRED = "requires"
_SENT_AS = "sentAs"


def as_lines(representation: Representation) -> Iterator[str]:
    """The lines of a representation, indented from zero."""
    told = f' @{_SENT_AS}(typename: "{representation.typename}")' if representation.typename else ""
    yield f"... on {representation.on}{told} {{"
    yield "  __typename"
    for field in representation.fields:
        yield from (f"  {line}" for line in _selection(field, required=not _is_key(field)))
    yield "}"


def _is_key(selection: RepresentationField | RepresentationFragment) -> bool:
    return isinstance(selection, RepresentationFragment) or selection.key


def _indented(selections: Iterable[RepresentationField | RepresentationFragment]) -> Iterator[str]:
    for selection in selections:
        yield from (f"  {line}" for line in _selection(selection))


def _selection(
    selection: RepresentationField | RepresentationFragment, *, required: bool = False
) -> Iterator[str]:
    match selection:
        case RepresentationField(name, source, selections):
            field = name if name == source else f"{name}: {source}"
            mark = f" @{_REQUIRED}" if required else ""
            if not selections:
                yield f"{field}{mark}"
                return
            yield f"{field}{mark} {{"
            yield from _indented(selections)
            yield "}"
        case RepresentationFragment(on, selections):
            yield f"... on {on} {{"
            yield from _indented(selections)
            yield "}"
        case _:
            assert_never(selection)


def read_representations(sent: SelectionSetNode) -> tuple[Representation, ...]:
    """The representations that a selection set means. Raises ValueError where it is not of that form."""
    return tuple(_representation(selection) for selection in sent.selections)


def _representation(selection: object) -> Representation:
    match selection:
        case InlineFragmentNode(type_condition=condition, selection_set=fields) if condition is not None:
            implied, *rest = fields.selections
            if not (isinstance(implied, FieldNode) and implied.name.value == "__typename"):
                raise ValueError("a representation begins with `__typename`")
            return Representation(
                condition.name.value,
                tuple(_read(field, top_level=True) for field in rest),
                _sent_as(selection),
            )
        case _:
            raise ValueError("a representation is written `... on Type { ... }`")


def _read(selection: object, *, top_level: bool = False) -> RepresentationField | RepresentationFragment:
    match selection:
        case FieldNode(name=source, alias=alias, selection_set=nested, directives=directives):
            inner = tuple(_read(child) for child in nested.selections) if nested else ()
            marks = {directive.name.value for directive in directives or ()}
            if marks - {_REQUIRED}:
                raise ValueError(f"the directive of a representation's field is `@{_REQUIRED}`")
            key = top_level and not marks
            return RepresentationField((alias or source).value, source.value, inner, key)
        case InlineFragmentNode(type_condition=condition, selection_set=nested) if condition is not None:
            return RepresentationFragment(
                condition.name.value, tuple(_read(child) for child in nested.selections)
            )
        case _:
            raise ValueError("a representation holds fields and `... on Type { ... }` only")


def _sent_as(fragment: InlineFragmentNode) -> str | None:
    for directive in fragment.directives or ():
        match directive.name.value, directive.arguments:
            case "sentAs", (argument,) if isinstance(argument.value, StringValueNode):
                return argument.value.value
            case _:
                raise ValueError(f"the directive of a representation is `@{_SENT_AS}(typename: ...)`")
    return None
