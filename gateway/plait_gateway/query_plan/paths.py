"""The text form of a path, `topProducts.@|[Book,Film].author`, and of a rename, `media.@.x1: title`."""

import re

from plait_gateway.query_plan.nodes import Each, Key, On, PathElement, Rename

_NAME = r"[A-Za-z_][A-Za-z0-9_]*"
_ELEMENT = re.compile(rf"(?P<each>@)|(?P<key>{_NAME})|\|\[(?P<on>{_NAME}(?:,{_NAME})*)\]")


def format_path(path: tuple[PathElement, ...]) -> str:
    """The text of a path: steps joined by dots, type conditions behind the step that they narrow."""
    text = ""
    for element in path:
        match element:
            case Key(name):
                text += f".{name}" if text else name
            case Each():
                text += ".@" if text else "@"
            case On(types):
                text += f"|[{','.join(types)}]"
    return text


def parse_path(text: str) -> tuple[PathElement, ...]:
    """The path that a text means. Raises ValueError where it is none."""
    elements: list[PathElement] = []
    position = 0
    while position < len(text):
        narrows = text.startswith("|", position)
        if elements and not narrows:
            if text[position] != ".":
                raise ValueError(f"{text!r} is not a path: a dot is missing at {text[position:]!r}")
            position += 1
        found = _ELEMENT.match(text, position)
        if found is None:
            raise ValueError(f"{text!r} is not a path: nothing can be made of {text[position:]!r}")
        elements.append(_element(found))
        position = found.end()
    return tuple(elements)


def format_rename(rename: Rename) -> str:
    """The text of a rename: the path of the answer's key, a colon, the key in the response tree."""
    return f"{format_path((*rename.path, Key(rename.alias)))}: {rename.response_key}"


def parse_rename(text: str) -> Rename:
    """The rename that a text means. Raises ValueError where it is none."""
    place, _, response_key = text.partition(": ")
    match parse_path(place), parse_path(response_key):
        case (*path, Key(alias)), (Key(key),):
            return Rename(tuple(path), alias, key)
        case _:
            raise ValueError(f"{text!r} is not a rename: it is written `path.alias: responseKey`")


def _element(found: re.Match[str]) -> PathElement:
    if found["each"]:
        return Each()
    if found["key"]:
        return Key(found["key"])
    return On(tuple(found["on"].split(",")))
