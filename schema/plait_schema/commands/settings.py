"""The settings of checks: plait.yaml, where there is one."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from plait_schema.checks.settings import CheckSettings
from plait_schema.sources import read_check_settings

_DEFAULT = Path("plait.yaml")

_Command = TypeVar("_Command", bound=Callable[..., Any])


def config_option(command: _Command) -> _Command:
    """`--config FILE`."""
    option = click.option(
        "--config",
        type=click.Path(path_type=Path, dir_okay=False),
        help="Settings; plait.yaml of the current folder, if it is there.",
    )
    return option(command)


def read_settings(config: Path | None) -> CheckSettings:
    """The settings of the file; defaults where none is named and none is there."""
    if config is None and not _DEFAULT.exists():
        return CheckSettings()
    return read_check_settings(config or _DEFAULT)
