"""Load the application that plait.yaml names, or say where in its code that failed."""

import importlib
import sys
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import click

from plait_dev.application import Application, Build
from plait_schema.diagnostics import Diagnostic, Location, Severity

#: Not in the table of composition's codes: only code can be at fault here, never a schema.
APPLICATION_NOT_LOADED = "APPLICATION_NOT_LOADED"

#: The application says itself what is wrong, with a code of its own.
APPLICATION_REFUSES = "APPLICATION_REFUSES"


class Loaded(NamedTuple):
    """The application, and what its subgraphs' code says by their names."""

    application: Application
    sdl: Mapping[str, str]


def find_from(root: Path) -> None:
    """Let Python find the application: a package of the user's, not an installed one."""
    sys.path.insert(0, str(root.resolve()))


def load(
    name: str, data_dir: Path, tell: Callable[[str], None], *, root: Path, address: str
) -> Loaded | Diagnostic:
    """Build what `package.module:attribute` names, to be served at the address.

    What fails has a place in the code below `root`; what is configured otherwise than it should be has none.
    """
    module, _, attribute = name.partition(":")
    try:
        build: Build = getattr(importlib.import_module(module), attribute)
        application = build(data_dir, tell, address)
        return Loaded(application, dict(application.sdl))
    except click.ClickException as refusal:
        return Diagnostic(APPLICATION_REFUSES, Severity.ERROR, refusal.message)
    except (Exception, SystemExit) as error:  # noqa: BLE001 -- the user's code may raise anything at all
        reason = " ".join(f"{type(error).__name__}: {error}".split())
        return not_loaded(f"{name} does not load: {reason}", _places(error, root.resolve()))


def not_loaded(message: str, locations: tuple[Location, ...] = ()) -> Diagnostic:
    """The finding that the application does not load."""
    return Diagnostic(APPLICATION_NOT_LOADED, Severity.ERROR, message, locations=locations)


def _places(error: BaseException, root: Path) -> tuple[Location, ...]:
    if isinstance(error, SyntaxError) and error.filename:
        return (_place(error.filename, error.lineno or 1, error.offset or 1, root),)
    own = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename != __file__
        and Path(frame.filename).is_relative_to(root)
        and "site-packages" not in frame.filename
    ]
    return tuple(_place(at.filename, at.lineno or 1, (at.colno or 0) + 1, root) for at in own[-1:])


def _place(file: str, line: int, column: int, root: Path) -> Location:
    path = Path(file)
    return Location("", str(path.relative_to(root) if path.is_relative_to(root) else path), line, column)
