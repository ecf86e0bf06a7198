"""Settings of checks as JSON: as requests send them, and as they are stored."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from plait_schema.checks.sections.expenses import DEFAULT_LIST_SIZE
from plait_schema.checks.settings import CheckSettings, CostSettings, FailOn, LintSettings, UsageSettings
from plait_schema.diagnostics import Severity

DEFAULT_WINDOW: Final = timedelta(days=30)
SEVERITIES: Final = {"error": Severity.ERROR, "warning": Severity.WARNING, "off": None}


def settings_as_json(settings: CheckSettings) -> dict[str, Any]:
    """What is not said is null, or empty."""
    usage, lint, costs = settings.usage, settings.lint, settings.costs
    return {
        "failOn": settings.fail_on and settings.fail_on.value,
        "windowSeconds": usage.window and usage.window.total_seconds(),
        "minimumRequests": usage.minimum_requests,
        "minimumPercentage": usage.minimum_percentage,
        "excludedClients": list(usage.excluded_clients),
        "includedVariants": list(usage.included_variants),
        "maximumCost": costs.maximum,
        "listSize": costs.list_size,
        "lint": {rule: "off" if level is None else level.value for rule, level in lint.severities.items()},
        "approvedTags": None if lint.approved_tags is None else sorted(lint.approved_tags),
    }


def settings_of_json(form: Mapping[str, Any]) -> CheckSettings:
    """The inverse; KeyError and ValueError for what it cannot be."""
    window, tags = form["windowSeconds"], form["approvedTags"]
    return CheckSettings(
        FailOn(form["failOn"]) if form["failOn"] else None,
        LintSettings(
            {rule: SEVERITIES[level] for rule, level in form["lint"].items()},
            None if tags is None else frozenset(tags),
        ),
        UsageSettings(
            None if window is None else timedelta(seconds=window),
            form["minimumRequests"],
            form["minimumPercentage"],
            tuple(form["excludedClients"]),
            tuple(form["includedVariants"]),
        ),
        CostSettings(form.get("maximumCost"), form.get("listSize")),  # older forms say nothing of costs
    )


def settings_in_words(settings: CheckSettings) -> tuple[tuple[str, str], ...]:
    """Every setting with its value, or with what holds where it is not said."""
    usage, lint, costs = settings.usage, settings.lint, settings.costs
    levels = (f"{rule} {level.value if level else 'off'}" for rule, level in lint.severities.items())
    tags = lint.approved_tags
    return (
        ("fails on", (settings.fail_on or FailOn.BREAKING).value),
        ("usage window", f"{(usage.window or DEFAULT_WINDOW) / timedelta(days=1):g} days"),
        ("minimum requests", f"{usage.minimum_requests or 1:,}"),
        ("minimum percentage", f"{usage.minimum_percentage or 0:g} %"),
        ("excluded clients", ", ".join(usage.excluded_clients) or "none"),
        ("included variants", ", ".join(usage.included_variants) or "none"),
        ("maximum cost", "any" if costs.maximum is None else f"{costs.maximum:,}"),
        ("list size", f"{costs.list_size or DEFAULT_LIST_SIZE:,}"),
        ("lint", ", ".join(levels) or "as by default"),
        ("approved tags", "all" if tags is None else ", ".join(sorted(tags)) or "none"),
    )
