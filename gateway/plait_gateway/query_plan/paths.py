"""The text form of paths and of what is made of them.

A path is `topProducts.@|[Book,Film].author`, a rename `media.@.x1: title`, a variable that contexts fill
`code: ^1|[User].currency, ^2.locale`, with `code!` for a required one.
"""

import re

from plait_gateway.query_plan.nodes import (
    ContextRead,
    ContextVariable,
    Each,
    Key,
    On,
    PathElement,
    Rename,
)

_NAME = r"[A-Za-z_][A-Za-z0-9_]*"
_READ = re.compile(r"\^(?P<up>[0-9]+)(?P<path>[.|].+)")
_CONTEXT = re.compile(rf"(?P<name>{_NAME})(?P<required>!?): (?P<reads>.+)")
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


def format_context(variable: ContextVariable) -> str:
    """The text of a variable that contexts fill: its name, and the reads with how far up each begins."""
    reads = ", ".join(_format_read(read) for read in variable.reads)
    return f"{variable.name}{'!' if variable.required else ''}: {reads}"


def parse_context(text: str) -> ContextVariable:
    """The variable that a text means. Raises ValueError where it is none."""
    found = _CONTEXT.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no context: it is written `variable: ^1.path, ^2.path`")
    reads = tuple(_parse_read(read) for read in found["reads"].split(", "))
    return ContextVariable(found["name"], reads, bool(found["required"]))


def _format_read(read: ContextRead) -> str:
    path = format_path(read.path)
    return f"^{read.up}{path}" if path.startswith("|") else f"^{read.up}.{path}"


def _parse_read(text: str) -> ContextRead:
    found = _READ.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} does not say how far up a context stands: it is written `^1.path`")
    return ContextRead(int(found["up"]), parse_path(found["path"].removeprefix(".")))


def _element(found: re.Match[str]) -> PathElement:
    if found["each"]:
        return Each()
    if found["key"]:
        return Key(found["key"])
    return On(tuple(found["on"].split(",")))
