"""plait.yaml to a GatewayConfig: every problem with its line, nothing silently ignored."""

from collections.abc import Mapping
from dataclasses import Field, fields, is_dataclass
from difflib import get_close_matches
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import yaml

from plait_gateway.config import GatewayConfig

#: The sections of plait.yaml. The other verbs read their own.
_SECTIONS = ("checks", "commands", "dev", "gateway", "lint")

_SCALARS: dict[type, str] = {bool: "true or false", int: "a whole number", float: "a number", str: "a text"}

T = TypeVar("T")


class ConfigProblem(Exception):  # noqa: N818 - it names what is wrong with the file
    """What is wrong, and where; as a text `file:line:column: message`."""

    def __init__(self, file: str, line: int, column: int, message: str) -> None:
        super().__init__(f"{file}:{line}:{column}: {message}")


def read_config(path: Path) -> GatewayConfig:
    """The `gateway` section of the file; raises ConfigProblem, or OSError when it cannot be read."""
    return parse_config(path.read_bytes(), str(path))


def parse_config(text: bytes, file: str) -> GatewayConfig:
    """As `read_config`, from the file's contents."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise ConfigProblem(file, line, column, f"not YAML: {error.problem or error.context}") from None
    except (yaml.YAMLError, RecursionError):
        raise ConfigProblem(file, 1, 1, "not YAML in UTF-8") from None
    reader = _Reader(file)
    section = reader.entries(root, _SECTIONS).get("gateway") if root is not None else None
    return GatewayConfig() if section is None else reader.read(section, GatewayConfig)


class _Reader:
    """Turns YAML nodes, which know their lines, into the types of the configuration."""

    def __init__(self, file: str) -> None:
        self._file = file

    def read(self, node: yaml.Node, wanted: type[T]) -> T:
        value: T = self._value(node, wanted)
        return value

    def entries(self, node: yaml.Node, known: tuple[str, ...] | None) -> dict[str, yaml.Node]:
        """The entries of a mapping; keys must be among the known ones unless any are allowed."""
        if _is_null(node):
            return {}
        if not isinstance(node, yaml.MappingNode):
            raise self._problem(node, "expected a mapping")
        entries: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = self._scalar(key, str)
            if known is not None and name not in known:
                raise self._problem(key, f"unknown key {name!r}{_did_you_mean(name, known)}")
            if name in entries:
                raise self._problem(key, f"{name!r} is set twice")
            entries[name] = value
        return entries

    def _value(self, node: yaml.Node, wanted: Any) -> Any:
        if isinstance(wanted, UnionType):
            (inner,) = (option for option in get_args(wanted) if option is not NoneType)
            return None if _is_null(node) else self._value(node, inner)
        if is_dataclass(wanted):
            return self._section(node, wanted)
        if get_origin(wanted) is tuple:
            return self._list(node, get_args(wanted)[0])
        if get_origin(wanted) is Mapping:
            of = get_args(wanted)[1]
            return {name: self._value(value, of) for name, value in self.entries(node, None).items()}
        return self._scalar(node, wanted)

    def _section(self, node: yaml.Node, wanted: Any) -> Any:
        hints = get_type_hints(wanted)
        settings = tuple(setting.name for setting in fields(wanted) if _in_file(setting))
        entries = self.entries(node, settings)
        values = {name: self._value(value, hints[name]) for name, value in entries.items()}
        try:
            return wanted(**values)
        except ValueError as error:
            raise self._problem(node, str(error)) from None

    def _list(self, node: yaml.Node, of: Any) -> tuple[Any, ...]:
        if not isinstance(node, yaml.SequenceNode):
            raise self._problem(node, "expected a list")
        return tuple(self._value(item, of) for item in node.value)

    def _scalar(self, node: yaml.Node, wanted: type) -> Any:
        value = _plain(node)
        if wanted is float and type(value) is int:
            value = float(value)
        if type(value) is not wanted:
            raise self._problem(node, f"expected {_SCALARS[wanted]}")
        return value

    def _problem(self, node: yaml.Node, message: str) -> ConfigProblem:
        return ConfigProblem(self._file, node.start_mark.line + 1, node.start_mark.column + 1, message)


def _plain(node: yaml.Node) -> Any:
    """A scalar's value, as YAML's own types; None for anything else."""
    if not isinstance(node, yaml.ScalarNode):
        return None
    loader = yaml.SafeLoader("")
    try:
        return loader.construct_object(node)
    except (yaml.YAMLError, ValueError):
        return None
    finally:
        loader.dispose()


def _is_null(node: yaml.Node) -> bool:
    return node.tag == "tag:yaml.org,2002:null"


def _in_file(setting: Field[Any]) -> bool:
    return bool(setting.metadata.get("file", True))


def _did_you_mean(name: str, known: tuple[str, ...]) -> str:
    close = get_close_matches(name, known, 1)
    return f"; did you mean {close[0]!r}?" if close else f"; known are {', '.join(sorted(known))}"
