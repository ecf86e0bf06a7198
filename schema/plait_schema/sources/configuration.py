"""supergraph.yaml: https://www.apollographql.com/docs/rover/commands/supergraphs"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeAlias

import yaml

from plait_schema.sources.errors import SourceError

_VERSION: Final = re.compile(r"=?2(\.\d+){0,2}")
_MODULE: Final = re.compile(r"(?P<module>[\w.]+):(?P<attribute>[\w.]+)")
_SOURCES: Final = ("file", "subgraph_url", "module", "sdl")


@dataclass(frozen=True, slots=True)
class FromFile:
    """SDL in a file; its path is relative to the configuration's."""

    path: Path


@dataclass(frozen=True, slots=True)
class FromUrl:
    """SDL that a running subgraph gives."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FromModule:
    """A schema object, or its SDL, in an importable module."""

    module: str
    attribute: str


@dataclass(frozen=True, slots=True)
class Inline:
    """SDL in the configuration itself."""

    sdl: str


SchemaSource: TypeAlias = FromFile | FromUrl | FromModule | Inline


@dataclass(frozen=True, slots=True)
class Entry:
    """One subgraph of the configuration."""

    name: str
    url: str
    schema: SchemaSource
    place: str  # file and line, for messages


@dataclass(frozen=True, slots=True)
class _Map:
    """A mapping of the YAML, whose keys know their lines."""

    file: Path
    entries: Mapping[str, tuple[yaml.Node, yaml.Node]]  # key -> (the key's node, the value)
    line: int

    def place(self, key: str | None = None) -> str:
        found = self.entries.get(key or "")
        line = found[0].start_mark.line + 1 if found else self.line
        return f"{self.file}:{line}"

    def text(self, key: str) -> str | None:
        if key not in self.entries:
            return None
        node = self.entries[key][1]
        if not isinstance(node, yaml.ScalarNode) or node.tag.endswith(":null") or not node.value.strip():
            raise SourceError(f"{self.place(key)}: {key} must be a text.")
        return str(node.value)

    def map(self, key: str) -> "_Map":
        return _as_map(self.file, self.entries[key][1], key)


def read_configuration(file: Path) -> tuple[Entry, ...]:
    """The subgraphs that the file names, in its order. Raises SourceError with file and line."""
    root = _as_map(file, _parse(file), "the configuration")
    version = root.text("federation_version")
    if version is not None and not _VERSION.fullmatch(version.strip()):
        raise SourceError(
            f"{root.place('federation_version')}: federation_version must be 2, or like =2.12.0;"
            f" it is {version}."
            " Federation 1 subgraphs compose as they are."
        )
    if "subgraphs" not in root.entries:
        raise SourceError(f'{root.place()}: there is no "subgraphs".')
    subgraphs = root.map("subgraphs")
    if not subgraphs.entries:
        raise SourceError(f'{root.place("subgraphs")}: "subgraphs" names no subgraph.')
    return tuple(_entry(subgraphs, name) for name in subgraphs.entries)


def _entry(subgraphs: _Map, name: str) -> Entry:
    entry = subgraphs.map(name)
    if "schema" not in entry.entries:
        raise SourceError(f'{subgraphs.place(name)}: subgraph "{name}" has no schema.')
    schema = entry.map("schema")
    source = _schema(schema, entry.place("schema"), name)
    url = entry.text("routing_url") or (source.url if isinstance(source, FromUrl) else None)
    if url is None:
        raise SourceError(f'{subgraphs.place(name)}: subgraph "{name}" has no routing_url.')
    return Entry(name, url, source, entry.place("schema"))


def _schema(schema: _Map, place: str, name: str) -> SchemaSource:
    found = [key for key in _SOURCES if key in schema.entries]
    if len(found) != 1:
        problem = f"has {' and '.join(found)}" if found else "says not where it is"
        raise SourceError(f'{place}: the schema of "{name}" {problem}; give one of {", ".join(_SOURCES)}.')
    value = schema.text(found[0]) or ""
    match found[0]:
        case "file":
            return FromFile(schema.file.parent / Path(value).expanduser())
        case "subgraph_url":
            return FromUrl(_http(value, schema), _headers(schema))
        case "module":
            match = _MODULE.fullmatch(value)
            if match is None:
                raise SourceError(f"{schema.place('module')}: write package.module:attribute, not {value}.")
            return FromModule(match["module"], match["attribute"])
        case _:
            return Inline(value)


def _http(url: str, schema: _Map) -> str:
    if not url.startswith(("http://", "https://")):
        raise SourceError(f"{schema.place('subgraph_url')}: {url} is not an http or https url.")
    return url


def _headers(schema: _Map) -> Mapping[str, str]:
    if "introspection_headers" not in schema.entries:
        return {}
    headers = schema.map("introspection_headers")
    return {name: headers.text(name) or "" for name in headers.entries}


def _parse(file: Path) -> yaml.Node:
    try:
        root = yaml.compose(file.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except UnicodeDecodeError as error:
        raise SourceError(f"{file} is not UTF-8 text.") from error
    except OSError as error:
        raise SourceError(f"{file} cannot be read: {error.strerror}.") from error
    except yaml.MarkedYAMLError as error:
        line = f":{error.problem_mark.line + 1}" if error.problem_mark else ""
        raise SourceError(f"{file}{line}: not valid YAML: {error.problem or error.context}.") from error
    except (yaml.YAMLError, RecursionError) as error:
        raise SourceError(f"{file}: not valid YAML: {error}.") from error
    if root is None:
        raise SourceError(f"{file} is empty.")
    return root


def _as_map(file: Path, node: yaml.Node, what: str) -> _Map:
    line = node.start_mark.line + 1
    if not isinstance(node, yaml.MappingNode):
        raise SourceError(f"{file}:{line}: {what} must be a mapping of keys to values.")
    entries: dict[str, tuple[yaml.Node, yaml.Node]] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise SourceError(f"{file}:{key.start_mark.line + 1}: a key must be a text.")
        if key.value in entries:
            raise SourceError(f'{file}:{key.start_mark.line + 1}: "{key.value}" is there twice.')
        entries[key.value] = (key, value)
    return _Map(file, entries, line)
