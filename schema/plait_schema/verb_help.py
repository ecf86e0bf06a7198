"""What `plait --help` says of each verb, read from its source: no verb is loaded to be described."""

import ast
from importlib.util import find_spec
from pathlib import Path

import click


def described(name: str, target: str) -> click.Command | None:
    """A command that can only be described, from the docstring of what `module:attribute` names.

    None when that cannot be read without loading it.
    """
    module, _, attribute = target.partition(":")
    try:
        spec = find_spec(module)
        source = Path(spec.origin).read_text(encoding="utf-8") if spec and spec.origin else ""
        statements = ast.parse(source).body
    except (
        ImportError,
        ValueError,
        OSError,
        SyntaxError,
    ):  # ValueError: a name that cannot be one, or NUL bytes
        return None
    for statement in statements:
        match statement:
            case ast.FunctionDef(name=function) if function == attribute:
                text = ast.get_docstring(statement)
                return click.Command(name, help=text) if text else None
            case _:
                pass
    return None
