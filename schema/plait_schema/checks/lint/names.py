"""Names: how they are written, and what they begin and end with."""

import re
from collections.abc import Callable, Iterator
from typing import Final

from graphql import TypeDefinitionNode

from plait_schema.checks.lint.linted import Linted
from plait_schema.diagnostics import Code, Diagnostic

_CAMEL: Final = re.compile(r"_*[a-z][a-zA-Z0-9]*")
_PASCAL: Final = re.compile(r"[A-Z][a-zA-Z0-9]*")
_SCREAMING: Final = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")
_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z][a-z0-9]*|[a-z0-9]+")


def is_camel_case(name: str) -> bool:
    return _CAMEL.fullmatch(name) is not None


def is_pascal_case(name: str) -> bool:
    return _PASCAL.fullmatch(name) is not None


def is_screaming_snake_case(name: str) -> bool:
    return _SCREAMING.fullmatch(name) is not None


def camel_case(name: str) -> str:
    """`first_name` and `FirstName` as firstName."""
    first, *rest = _words(name)
    return first.lower() + "".join(word.capitalize() for word in rest)


def pascal_case(name: str) -> str:
    """`first_name` and `firstName` as FirstName."""
    return "".join(word.capitalize() for word in _words(name))


def screaming_snake_case(name: str) -> str:
    """`firstName` as FIRST_NAME."""
    return "_".join(word.upper() for word in _words(name))


def with_prefix(
    linted: Linted, code: Code, prefix: str, *, holds: Callable[[object], bool]
) -> Iterator[Diagnostic]:
    """Types of a kind whose names say at their beginning what they are anyway."""
    for node in linted.types:
        name = node.name.value
        if isinstance(node, TypeDefinitionNode) and holds(node) and _has_prefix(name, prefix):
            message = f"The name {name} begins with {prefix}."
            fix = f"Call it {name.removeprefix(prefix).lstrip('_')}."
            yield linted.finding(code, name, message, node.name, fix=fix)


def with_suffix(
    linted: Linted, code: Code, suffix: str, *, holds: Callable[[object], bool]
) -> Iterator[Diagnostic]:
    """Types of a kind whose names say at their end what they are anyway."""
    for node in linted.types:
        name = node.name.value
        if isinstance(node, TypeDefinitionNode) and holds(node) and name.endswith(suffix) and name != suffix:
            message = f"The name {name} ends with {suffix}."
            fix = f"Call it {name.removesuffix(suffix)}."
            yield linted.finding(code, name, message, node.name, fix=fix)


def _has_prefix(name: str, prefix: str) -> bool:
    """As a word of its own: Typewriter has none, TypeBook has."""
    rest = name.removeprefix(prefix)
    return rest not in ("", name) and not rest[0].islower()


def _words(name: str) -> list[str]:
    return _WORD.findall(name) or [name]
