"""Verbs that an application adds to `plait`, in the plait.yaml beside it.

    commands:
      worker: academy.cli.worker:worker      # module:attribute, a click command

They are there where the file is: in its folder. The application is found beside it, and loaded when a verb of
it is used.
"""

import importlib
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import yaml

from plait_schema.verb_help import described

_SECTION = "commands"


@dataclass(frozen=True, slots=True)
class ApplicationVerbs:
    """What a plait.yaml adds, by name; nothing when there is none. `problem` is why it cannot be read."""

    file: Path
    targets: Mapping[str, str]
    problem: str | None = None

    @classmethod
    def beside(cls, file: Path) -> "ApplicationVerbs":
        try:
            document: Any = yaml.safe_load(file.read_text(encoding="utf-8"))
        except OSError:
            return cls(file, {})
        except (yaml.YAMLError, UnicodeError) as error:
            return cls(file, {}, f"{file} is not YAML: {' '.join(str(error).split())}")
        section = document.get(_SECTION) if isinstance(document, dict) else None
        match section:
            case None:
                return cls(file, {})
            case dict() if all(isinstance(part, str) for pair in section.items() for part in pair):
                return cls(file, section)
            case _:
                return cls(file, {}, f"{file}: `{_SECTION}` must name a module:attribute for each verb")

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.targets)

    def load(self, name: str) -> click.Command | None:
        """The command of a verb, None when the file adds none of that name; click.ClickException when what it
        names is not a command or does not load."""
        target = self.targets.get(name)
        if target is None:
            return None
        self._make_importable()
        module, _, attribute = target.partition(":")
        try:
            command = getattr(importlib.import_module(module), attribute)
        except (ImportError, AttributeError, ValueError) as error:
            reason = f"{type(error).__name__}: {error}"
            raise click.ClickException(
                f"{self.file}: {_SECTION}.{name} names {target}, which does not load: {reason}"
            ) from None
        if not isinstance(command, click.Command):
            raise click.ClickException(
                f"{self.file}: {_SECTION}.{name} names {target}, which is not a click command"
            )
        return command

    def described(self, name: str) -> click.Command | None:
        """A command that can only be described, without loading it; None where its source does not say."""
        self._make_importable()
        return described(name, self.targets[name]) if name in self.targets else None

    def _make_importable(self) -> None:
        root = str(self.file.resolve().parent)
        if root not in sys.path:
            sys.path.insert(0, root)

    def without(self, name: str) -> str:
        """Why there is no verb of this name, for people."""
        if self.problem is not None:
            return self.problem
        if not self.file.exists():
            return (
                f"Applications add verbs, under `{_SECTION}` in the {self.file} of their folder; "
                "this folder has none."
            )
        return f"{self.file} adds no such verb under `{_SECTION}`."
