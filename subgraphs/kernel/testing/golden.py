"""Every version of a message that was ever stored stays readable: golden files hold one of each.

`<type>.v<version>.json` is what a program once wrote. Beside a version that is no longer the newest stands
`<type>.v<version>.read.json`: the same message as the newest version reads it, or a list when it has become
several, or none.
"""

import json
from dataclasses import fields
from datetime import UTC, date, datetime
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import msgspec

from subgraphs.kernel.messaging.registry import Registry, Stored

_INSTANT = datetime(2025, 9, 1, 8, 30, tzinfo=UTC)


def check_golden(registry: Registry[Any], folder: Path, *, update: bool) -> None:
    """Read every golden file; AssertionError for one that is missing or is read differently.

    With `update`, write what is missing, and nothing else: what was published once is never rewritten.
    """
    if update:
        folder.mkdir(parents=True, exist_ok=True)
        for message in registry.classes:
            stored = registry.encode(sample(message))
            _write(folder / f"{stored.type}.v{stored.version}.json", stored.data)
    expected = set()
    for message in registry.classes:
        newest = registry.encode(sample(message))
        for version in range(1, newest.version + 1):
            file = folder / f"{newest.type}.v{version}.json"
            assert file.exists(), f"{file.name} is missing: run the tests with --update"
            parts = registry.decode_parts(Stored(newest.type, version, file.read_text(encoding="utf-8")))
            encoded = [registry.encode(part).data for part in parts]
            read = encoded[0] if len(encoded) == 1 else f"[{', '.join(encoded)}]"
            as_newest = file if version == newest.version else file.with_suffix(".read.json")
            if update:
                _write(as_newest, read)
            assert _includes(json.loads(read), json.loads(as_newest.read_text(encoding="utf-8"))), (
                f"{file.name} is read differently than before: that is a new version"
            )
            expected |= {file.name, as_newest.name}
    assert {file.name for file in folder.iterdir()} == expected, "golden files of messages that are gone"


def sample(kind: type[Any]) -> Any:
    """A message of this class, the same every time, with something in every field."""
    hints = get_type_hints(kind)
    return kind(**{field.name: _value(hints[field.name], field.name) for field in fields(kind) if field.init})


def _value(hint: Any, name: str) -> Any:
    match get_origin(hint):
        case origin if origin in (Union, UnionType):
            return _value(next(one for one in get_args(hint) if one is not NoneType), name)
        case origin if origin is tuple:
            return (_value(get_args(hint)[0], name),)
        case origin if origin is dict:
            key, value = get_args(hint)
            return {_value(key, name): _value(value, name)}
    if isinstance(hint, type) and issubclass(hint, Enum):
        return next(iter(hint))
    scalars: dict[Any, Any] = {str: name, int: 7, bool: True, datetime: _INSTANT, date: _INSTANT.date()}
    return scalars[hint] if hint in scalars else sample(hint)


def _includes(read: Any, before: Any) -> bool:
    """Whether all that was read before is still read, whatever optional fields there are besides by now."""
    match read, before:
        case dict(), dict():
            return all(name in read and _includes(read[name], value) for name, value in before.items())
        case list(), list():
            return len(read) == len(before) and all(map(_includes, read, before))
        case _:
            return bool(read == before)


def _write(file: Path, data: str) -> None:
    if not file.exists():
        file.write_bytes(msgspec.json.format(data.encode()) + b"\n")
