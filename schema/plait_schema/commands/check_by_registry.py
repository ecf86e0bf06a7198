"""`plait check --against GRAPH@VARIANT`: the registry knows the graph, its traffic and what was approved."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import click

from plait_schema.checks import CheckSettings
from plait_schema.commands.registry.options import asking
from plait_schema.commands.reports import publish, wanted_formats
from plait_schema.registry.client import variant_path
from plait_schema.registry.model import VariantId
from plait_schema.subgraph import SubgraphSource

_VARIANT: Final = re.compile(r"[A-Za-z][\w-]*@[A-Za-z][\w-]*")


def is_variant(against: str) -> bool:
    """Whether it names a variant of a registry, and no file."""
    return _VARIANT.fullmatch(against) is not None and not Path(against).exists()


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
        "settings": _settings(settings),
        "formats": list(wanted_formats(format_, outputs)),
    }
    with asking(url, token) as registry:
        answer = registry.post(f"{variant_path(VariantId.parse(variant))}/checks", body)
    if format_ == "text":
        click.echo(f"Check {answer['number']} of {variant} at {url}", err=True)
    rendered: Mapping[str, str] = answer["rendered"]
    publish(rendered.__getitem__, format_, outputs, failed=answer["outcome"] == "failed")


def _settings(settings: CheckSettings) -> dict[str, Any]:
    usage, lint = settings.usage, settings.lint
    return {
        "failOn": settings.fail_on.value,
        "windowSeconds": None if usage.window is None else usage.window.total_seconds(),
        "minimumRequests": usage.minimum_requests,
        "minimumPercentage": usage.minimum_percentage,
        "excludedClients": list(usage.excluded_clients),
        "lint": {rule: "off" if level is None else level.value for rule, level in lint.severities.items()},
        "approvedTags": None if lint.approved_tags is None else sorted(lint.approved_tags),
    }
