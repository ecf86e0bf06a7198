"""Approvals in a file, in YAML or JSON.

approvals:
  - fingerprint: 0f3c5a1b2d4e6f78
    by: ana@example.org
    reason: No client of ours asks for it any more.
    until: 2026-12-31
"""

import re
from datetime import date
from typing import Final

import yaml

from plait_schema.checks.approvals import Approval, Approvals
from plait_schema.checks.input_error import InputError
from plait_schema.diagnostics import INVALID_APPROVALS

_KEYS: Final = ("fingerprint", "by", "reason", "until")
_FINGERPRINT: Final = re.compile(r"[0-9a-f]{16}")


def read_approvals(text: str, file: str) -> Approvals:
    """The approvals by fingerprint; of several of one, the last. Raises InputError with the place."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        message = f"This is no YAML: {error.problem or error.context}."
        raise InputError(INVALID_APPROVALS, file, message, line=line, column=column) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise InputError(INVALID_APPROVALS, file, "This is no YAML.") from error
    if root is None:
        return {}
    entries = _mapping(root, file).get("approvals")
    if not isinstance(entries, yaml.SequenceNode):
        raise _problem(root, file, 'There must be a list of "approvals".')
    found = [_approval(node, file) for node in entries.value]
    return {approval.fingerprint: approval for approval in found}


def _approval(node: yaml.Node, file: str) -> Approval:
    entry = _mapping(node, file)
    for key, value in entry.items():
        if key not in _KEYS:
            raise _problem(value, file, f'An approval has {", ".join(_KEYS)}, but no "{key}".')
    fingerprint, by, reason = (_text(entry, key, node, file) for key in ("fingerprint", "by", "reason"))
    if _FINGERPRINT.fullmatch(fingerprint) is None:
        message = f'"{fingerprint}" is no fingerprint, which has sixteen hexadecimal digits: quote it.'
        raise _problem(entry["fingerprint"], file, message)
    return Approval(fingerprint, by, reason, _date(entry, file))


def _date(entry: dict[str, yaml.Node], file: str) -> date | None:
    node = entry.get("until")
    if node is None:
        return None
    try:
        return date.fromisoformat(str(node.value))
    except ValueError as error:
        raise _problem(node, file, '"until" must be a day as 2026-12-31.') from error


def _text(entry: dict[str, yaml.Node], key: str, node: yaml.Node, file: str) -> str:
    value = entry.get(key)
    if not isinstance(value, yaml.ScalarNode) or not value.value.strip():
        raise _problem(value or node, file, f'An approval needs "{key}".')
    return str(value.value).strip()


def _mapping(node: yaml.Node, file: str) -> dict[str, yaml.Node]:
    if not isinstance(node, yaml.MappingNode):
        raise _problem(node, file, "A mapping of keys to values is expected here.")
    return {str(key.value): value for key, value in node.value}


def _problem(node: yaml.Node, file: str, message: str) -> InputError:
    mark = node.start_mark
    return InputError(INVALID_APPROVALS, file, message, line=mark.line + 1, column=mark.column + 1)
