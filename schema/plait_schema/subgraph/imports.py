"""`@link(import:)`: the elements of a specification that get a name of their own.

https://specs.apollo.dev/link/v1.0/#@link.import
"""

import re
from collections.abc import Iterator, Mapping

from graphql import ListValueNode, NullValueNode, ObjectValueNode, StringValueNode, ValueNode
from graphql.pyutils import did_you_mean, suggestion_list

from plait_schema.federation.link import FeatureUrl
from plait_schema.federation.specifications import elements_of, known_specifications
from plait_schema.federation.versions import print_version

_NAME = re.compile(r"[_A-Za-z][_0-9A-Za-z]*", re.ASCII)
_FORM = 'An import is a name or an object { name: "@a", as: "@b" } of strings.'


def is_name(text: str) -> bool:
    """Whether the text is a GraphQL name."""
    return _NAME.fullmatch(text) is not None


def imports_of(value: ValueNode | None) -> Iterator[tuple[str, str]]:
    """Each well-formed import: the element, and its name here."""
    for item in _items(value):
        match item:
            case StringValueNode(value=name):
                yield name, name
            case ObjectValueNode():
                fields = _fields(item)
                if (original := _string(fields.get("name"))) is not None:
                    local = _string(fields.get("as"))
                    yield original, original if local is None else local


def wrong_imports(value: ValueNode | None, url: FeatureUrl) -> Iterator[tuple[ValueNode, str]]:
    """Each import that cannot be, and why. One alone needs brackets, too: not all readers add them."""
    if value is not None and not isinstance(value, ListValueNode | NullValueNode):
        yield value, "Imports are a list, also when there is only one."
        return
    for item in _items(value):
        if problem := _problem(item, url):
            yield item, problem


def _problem(item: ValueNode, url: FeatureUrl) -> str | None:
    match item:
        case StringValueNode(value=name):
            return _wrong_import(name, name, url)
        case ObjectValueNode():
            fields = _fields(item)
            original, local = _string(fields.get("name")), _string(fields.get("as"))
            if original is None or fields.keys() - {"name", "as"} or ("as" in fields and local is None):
                return _FORM
            return _wrong_import(original, original if local is None else local, url)
        case _:
            return _FORM


def _wrong_import(name: str, local: str, url: FeatureUrl) -> str | None:
    """What is wrong with importing the element under this local name."""
    elements = elements_of(url.identity, url.version)
    for text in (name, local):
        if not is_name(text.removeprefix("@")):
            return f'"{text}" cannot be imported from {url}: it is no GraphQL name.'
    if elements and name not in elements.import_names():
        guess = did_you_mean(suggestion_list(name, elements.import_names()))
        return f'"{name}" cannot be imported: {url} has no such element.{guess}{_since(name, url)}'
    if name.startswith("@") != local.startswith("@"):
        kind = "directive" if name.startswith("@") else "type"
        hint = f'"@{local}"' if kind == "directive" else f'"{local.removeprefix("@")}"'
        return f'"{name}" is a {kind}, so it cannot be imported as "{local}" but as {hint}.'
    return None


def _since(name: str, url: FeatureUrl) -> str:
    specification = known_specifications()[url.identity]
    since = [
        version for version, elements in specification.versions.items() if name in elements.import_names()
    ]
    return f" It exists from {print_version(min(since))}." if since else ""


def _items(value: ValueNode | None) -> tuple[ValueNode, ...]:
    match value:
        case None | NullValueNode():
            return ()
        case ListValueNode(values=values):
            return tuple(values or ())
        case _:
            return (value,)  # input coercion makes a list of it


def _fields(value: ObjectValueNode) -> Mapping[str, ValueNode]:
    return {field.name.value: field.value for field in value.fields or ()}


def _string(value: ValueNode | None) -> str | None:
    return value.value if isinstance(value, StringValueNode) else None
