"""`plait check --against GRAPH@VARIANT`: the registry knows the graph, its traffic and what was approved."""

import os
from collections.abc import Mapping
from pathlib import Path

import click

from plait_schema.checks import CheckSettings
from plait_schema.commands.progress import progress
from plait_schema.commands.registry.options import asking
from plait_schema.commands.reports import publish, wanted_formats
from plait_schema.registry.client import variant_path
from plait_schema.registry.model import VariantId
from plait_schema.registry.settings_form import settings_as_json
from plait_schema.subgraph import SubgraphSource


def check_by_registry(
    variant: str,
    subgraph: str,
    proposed: SubgraphSource | None,
    settings: CheckSettings,
    format_: str,
    outputs: Mapping[Path, str],
    *,
    url: str,
    token: str | None,
    timeout: float,
) -> None:
    """Have the registry check the proposal, and show its report as `plait check` does."""
    body = {
        "subgraph": subgraph,
        "sdl": proposed.sdl if proposed else None,
        "routingUrl": proposed.url if proposed else "",
        "file": proposed.file if proposed else None,
        "origin": {
            "commit": os.environ.get("GITHUB_SHA") or os.environ.get("CI_COMMIT_SHA"),
            "author": os.environ.get("GITHUB_ACTOR") or os.environ.get("GITLAB_USER_LOGIN"),
        },
        "settings": settings_as_json(settings),
        "formats": list(wanted_formats(format_, outputs)),
    }
    at = progress(f"Checking against {variant}", format_=format_)
    with asking(url, token, timeout=timeout) as registry, at:
        answer = registry.post(f"{variant_path(VariantId.parse(variant))}/checks", body)
    if format_ == "text":
        click.echo(f"Check {answer['number']} of {variant} at {url}", err=True)
    rendered: Mapping[str, str] = answer["rendered"]
    failed = answer["outcome"] == "failed"
    if failed and format_ == "text":
        approve = f"plait registry approve {variant} --check {answer['number']} --reason ..."
        click.echo(f"If it is meant: {approve}", err=True)
    publish(rendered.__getitem__, format_, outputs, failed=failed)
