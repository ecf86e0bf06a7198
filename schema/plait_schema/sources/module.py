"""SDL from Python code: `module: package.module:attribute`."""

import importlib
import sys
from collections.abc import Callable
from pathlib import Path

from graphql import GraphQLSchema, print_schema

from plait_schema.sources.configuration import Entry
from plait_schema.sources.errors import SourceError


def sdl_of_module(entry: Entry, module: str, attribute: str) -> str:
    """Import the module, as if from the current folder, and take the SDL of what the attribute holds.

    That may be a Strawberry schema (anything with `as_str`), a graphql-core schema or the SDL itself. A
    graphql-core schema prints without applied directives, which federation needs: better give its SDL.
    """
    if (folder := str(Path.cwd())) not in sys.path:
        sys.path.insert(0, folder)
    try:
        value: object = importlib.import_module(module)
        for name in attribute.split("."):
            value = getattr(value, name)
        sdl = _sdl(value)
    except Exception as error:  # the user's code may raise anything, and it is theirs to mend
        reason = f"{type(error).__name__}: {error}"
        raise SourceError(f"{entry.place}: {module}:{attribute} cannot be loaded. {reason}") from error
    if sdl is None:
        raise SourceError(
            f"{entry.place}: {module}:{attribute} is a {type(value).__name__}, neither a schema nor SDL."
        )
    return sdl


def _sdl(value: object) -> str | None:
    as_str: Callable[[], str] | None = getattr(value, "as_str", None)
    if isinstance(value, str):
        return value
    if as_str is not None:
        return as_str()
    return print_schema(value) if isinstance(value, GraphQLSchema) else None
