"""Finding the function that decides on policies: `authorization.policies` of plait.yaml."""

import importlib
import sys
from pathlib import Path

import click

from plait_gateway.config import AuthorizationConfig
from plait_gateway.pipeline import DecidePolicies


def policies_of(config: AuthorizationConfig, *, root: Path) -> DecidePolicies | None:
    """The function that `module:function` names, of a module below the folder or an installed one.

    Raises click.ClickException when it does not load.
    """
    if config.policies is None:
        return None
    module, _, function = config.policies.partition(":")
    if str(root.resolve()) not in sys.path:
        sys.path.insert(0, str(root.resolve()))
    try:
        decide: DecidePolicies = getattr(importlib.import_module(module), function)
    except Exception as error:  # noqa: BLE001 -- the user's code may raise anything at all
        reason = " ".join(f"{type(error).__name__}: {error}".split())
        raise click.ClickException(f"the policies {config.policies} do not load: {reason}") from None
    return decide
