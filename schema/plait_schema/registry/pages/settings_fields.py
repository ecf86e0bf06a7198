"""Settings of checks as the fields of a form."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from starlette.datastructures import FormData

from plait_schema.checks.lint import lint_codes
from plait_schema.checks.settings import CheckSettings, CostSettings, FailOn, LintSettings, UsageSettings
from plait_schema.diagnostics import Severity
from plait_schema.registry.errors import INVALID_REQUEST
from plait_schema.registry.pages.forms import number_of, text_of, whole_number_of, words_of, wrong
from plait_schema.registry.settings_form import SEVERITIES
from plait_schema.sources.check_settings import span

LINT: Final = "lint."  # and the name of a rule
_LONGEST_WINDOW: Final = timedelta(days=3650)
_MOST_REQUESTS: Final = 10**12
_LONGEST_LIST: Final = 10**9
_OFF: Final = "off"


def fields_of(settings: CheckSettings) -> Mapping[str, str]:
    """What the form shows; empty where nothing is said."""
    usage, lint, costs = settings.usage, settings.lint, settings.costs
    fields = {
        "fail_on": settings.fail_on.value if settings.fail_on else "",
        "usage_window": _span_in_words(usage.window) if usage.window else "",
        "minimum_requests": "" if usage.minimum_requests is None else str(usage.minimum_requests),
        "minimum_percentage": "" if usage.minimum_percentage is None else f"{usage.minimum_percentage:g}",
        "excluded_clients": " ".join(usage.excluded_clients),
        "included_variants": " ".join(usage.included_variants),
        "maximum_cost": "" if costs.maximum is None else str(costs.maximum),
        "list_size": "" if costs.list_size is None else str(costs.list_size),
        "approved_tags": " ".join(sorted(lint.approved_tags or ())),
        "only_approved_tags": "" if lint.approved_tags is None else "yes",
    }
    rules = {LINT + rule: level.value if level else _OFF for rule, level in lint.severities.items()}
    return fields | rules


def fields_sent(form: FormData) -> Mapping[str, str]:
    """What somebody typed, to be shown again."""
    typed = {name: value for name, value in form.items() if isinstance(value, str)}
    return {**fields_of(CheckSettings()), **typed}


def settings_of(form: FormData) -> CheckSettings:
    """The inverse. Raises RegistryError (INVALID_REQUEST)."""
    fail_on = text_of(form, "fail_on")
    if fail_on and fail_on not in {*FailOn}:
        raise wrong("fail_on", f"this is one of {', '.join(FailOn)}.")
    tags = frozenset(words_of(form, "approved_tags"))
    return CheckSettings(
        FailOn(fail_on) if fail_on else None,
        LintSettings(_severities(form), tags if text_of(form, "only_approved_tags") else None),
        UsageSettings(
            _window(text_of(form, "usage_window")),
            whole_number_of(form, "minimum_requests", at_most=_MOST_REQUESTS),
            number_of(form, "minimum_percentage", at_most=100),
            words_of(form, "excluded_clients"),
            words_of(form, "included_variants"),
        ),
        CostSettings(
            whole_number_of(form, "maximum_cost", at_most=_MOST_REQUESTS),
            whole_number_of(form, "list_size", at_most=_LONGEST_LIST),
        ),
    )


def _severities(form: FormData) -> dict[str, Severity | None]:
    found = {}
    for code in lint_codes():
        if level := text_of(form, LINT + code.name):
            if level not in SEVERITIES:
                raise INVALID_REQUEST.because(f"{code.name} is error, warning or off.")
            found[code.name] = SEVERITIES[level]
    return found


def _window(text: str) -> timedelta | None:
    if not text:
        return None
    window = span(text)
    if window is None or not timedelta() < window <= _LONGEST_WINDOW:
        raise wrong("usage_window", "write a span as 7d, 12h or 4w, of ten years at most.")
    return window


def _span_in_words(window: timedelta) -> str:
    hours = window / timedelta(hours=1)
    return f"{hours / 24:g}d" if hours % 24 == 0 else f"{hours:g}h"
