"""The `dev` section of plait.yaml: what to run."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import yaml

from plait_gateway.config import GatewayConfig
from plait_gateway.config_file import ConfigProblem, read_config

_KEYS = ("application", "supergraph")


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the application is built (`package.module:attribute`, found from the folder `root`), and the list
    of its subgraphs."""

    application: str
    supergraph: Path
    root: Path

    @property
    def folders(self) -> tuple[Path, ...]:
        """The folders whose files make the graph."""
        package = self.root / self.application.partition(":")[0].partition(".")[0]
        return tuple(sorted({self.supergraph.parent, package if package.is_dir() else self.root}))


def read_settings(file: Path) -> Settings:
    """Read the section; click.ClickException with one clear line when it does not say what to run."""
    try:
        document: Any = yaml.safe_load(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise click.ClickException(
            f"cannot read {file}: {error.strerror}; name another with --config"
        ) from None
    except (yaml.YAMLError, UnicodeError) as error:
        raise click.ClickException(f"{file} is not YAML: {' '.join(str(error).split())}") from None
    section = document.get("dev") if isinstance(document, dict) else None
    if not isinstance(section, dict) or any(not isinstance(section.get(key), str) for key in _KEYS):
        raise click.ClickException(f"{file} has no `dev` section with the strings {' and '.join(_KEYS)}")
    if unknown := sorted(set(map(str, section)) - set(_KEYS)):
        raise click.ClickException(f"{file}: unknown under `dev`: {', '.join(unknown)}")
    return Settings(section["application"], file.parent / section["supergraph"], file.parent)


def read_gateway_config(file: Path) -> GatewayConfig:
    """The `gateway` section, as `plait gateway` reads it; click.ClickException with what is wrong."""
    try:
        return read_config(file)
    except ConfigProblem as problem:
        raise click.ClickException(str(problem)) from None
