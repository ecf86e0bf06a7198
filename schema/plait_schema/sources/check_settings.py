"""The sections `checks` and `lint` of plait.yaml."""

import re
from datetime import timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from plait_schema.checks.lint import lint_codes
from plait_schema.checks.settings import CheckSettings, CostSettings, FailOn, LintSettings, UsageSettings
from plait_schema.diagnostics import Severity
from plait_schema.sources.errors import SourceError
from plait_schema.sources.yaml_map import YamlMap, read_yaml

_CHECK_KEYS: Final = (
    "fail_on",
    "usage_window",
    "minimum_requests",
    "minimum_percentage",
    "excluded_clients",
    "included_variants",
    "maximum_cost",
    "list_size",
)
_LINT_KEYS: Final = ("rules", "approved_tags")
_SEVERITIES: Final = {"error": Severity.ERROR, "warning": Severity.WARNING, "off": None}
_FAIL_ON: Final = (FailOn.BREAKING, FailOn.DANGEROUS, FailOn.WARNING)
_SPAN: Final = re.compile(r"(\d{1,6})([dhw])")
_UNITS: Final = {"h": "hours", "d": "days", "w": "weeks"}


def read_check_settings(file: Path) -> CheckSettings:
    """What the file says of checks and lint, and defaults for the rest; SourceError with file and line."""
    root = read_yaml(file)
    checks = _section(root, "checks", _CHECK_KEYS)
    return CheckSettings(
        fail_on=_fail_on(checks),
        lint=_lint(_section(root, "lint", _LINT_KEYS)),
        usage=_usage(checks),
        costs=_costs(checks),
    )


def span(text: str) -> timedelta | None:
    """A span of time as `7d`, `12h` or `4w`; None for what is none."""
    match = _SPAN.fullmatch(text.strip())
    return None if match is None else timedelta(**{_UNITS[match[2]]: int(match[1])})


def _section(root: YamlMap, name: str, known: tuple[str, ...]) -> YamlMap | None:
    if name not in root.entries:
        return None
    section = root.map(name)
    for key in section.entries:
        if key not in known:
            raise SourceError(f'{section.place(key)}: {name} has {", ".join(known)}, but no "{key}".')
    return section


def _fail_on(checks: YamlMap | None) -> FailOn | None:
    text = checks.text("fail_on") if checks is not None else None
    if checks is None or text is None:
        return None
    if text not in _FAIL_ON:
        raise SourceError(f"{checks.place('fail_on')}: fail_on must be one of {', '.join(_FAIL_ON)}.")
    return FailOn(text)


def _usage(checks: YamlMap | None) -> UsageSettings:
    if checks is None:
        return UsageSettings()
    window = checks.text("usage_window")
    if window is not None and span(window) is None:
        raise SourceError(f"{checks.place('usage_window')}: usage_window must be a span as 7d, 12h or 4w.")
    percentage = _number(checks, "minimum_percentage")
    if percentage is not None and percentage > 100:
        raise SourceError(f"{checks.place('minimum_percentage')}: minimum_percentage is 100 at most.")
    return UsageSettings(
        window=span(window) if window is not None else None,
        minimum_requests=_whole_number(checks, "minimum_requests"),
        minimum_percentage=percentage,
        excluded_clients=checks.texts("excluded_clients"),
        included_variants=checks.texts("included_variants"),
    )


def _costs(checks: YamlMap | None) -> CostSettings:
    if checks is None:
        return CostSettings()
    return CostSettings(_whole_number(checks, "maximum_cost"), _whole_number(checks, "list_size"))


def _whole_number(checks: YamlMap, key: str) -> int | None:
    number = _number(checks, key)
    if number is not None and number != int(number):
        raise SourceError(f"{checks.place(key)}: {key} must be a whole number.")
    return None if number is None else int(number)


def _number(checks: YamlMap, key: str) -> float | None:
    text = checks.text(key)
    if text is None:
        return None
    if not re.fullmatch(r"\d{1,12}(\.\d{1,12})?", text):
        raise SourceError(f"{checks.place(key)}: {key} must be a number, zero or more.")
    return float(text)


def _lint(lint: YamlMap | None) -> LintSettings:
    if lint is None:
        return LintSettings()
    severities: dict[str, Severity | None] = {}
    if "rules" in lint.entries:
        rules = lint.map("rules")
        severities = {name: _severity(rules, name) for name in rules.entries}
    approved = frozenset(lint.texts("approved_tags")) if "approved_tags" in lint.entries else None
    return LintSettings(severities, approved)


def _severity(rules: YamlMap, name: str) -> Severity | None:
    known = [code.name for code in lint_codes()]
    if name not in known:
        close = get_close_matches(name, known, n=1)
        meant = f" Is {close[0]} meant?" if close else ""
        raise SourceError(f"{rules.place(name)}: there is no lint rule {name}.{meant}")
    text = (rules.text(name) or "").lower()
    if text == "false":  # YAML 1.1 reads `off` so, and people write either
        text = "off"
    if text not in _SEVERITIES:
        raise SourceError(f"{rules.place(name)}: a rule is error, warning or off, and not {text}.")
    return _SEVERITIES[text]
