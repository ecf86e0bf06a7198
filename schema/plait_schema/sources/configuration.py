"""supergraph.yaml: https://www.apollographql.com/docs/rover/commands/supergraphs"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Final, TypeAlias

from plait_schema.sources.errors import SourceError
from plait_schema.sources.yaml_map import YamlMap, read_yaml

_VERSION: Final = re.compile(r"=?2(\.\d+){0,2}")
_MODULE: Final = re.compile(r"(?P<module>[\w.]+):(?P<attribute>[\w.]+)")
_HEADER_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEADER_VALUE: Final = re.compile(r"[\t\x20-\x7e\xa0-\xff]*")
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


def read_configuration(file: Path) -> tuple[Entry, ...]:
    """The subgraphs that the file names, in its order. Raises SourceError with file and line."""
    root = read_yaml(file)
    version = root.text("federation_version")
    if version is not None and not _VERSION.fullmatch(version.strip()):
        raise SourceError(
            f"{root.place('federation_version')}: federation_version must be 2, or like =2.12.0;"
            f" it is {version}."
            " Federation 1 subgraphs compose as they are."
        )
    if "subgraphs" not in root.entries:
        raise SourceError(f'{root.place()}: there is no "subgraphs".{_meant("subgraphs", root)}')
    subgraphs = root.map("subgraphs")
    if not subgraphs.entries:
        raise SourceError(f'{root.place("subgraphs")}: "subgraphs" names no subgraph.')
    return tuple(_entry(subgraphs, name) for name in subgraphs.entries)


def _entry(subgraphs: YamlMap, name: str) -> Entry:
    entry = subgraphs.map(name)
    if "schema" not in entry.entries:
        raise SourceError(
            f'{subgraphs.place(name)}: subgraph "{name}" has no schema.{_meant("schema", entry)}'
        )
    schema = entry.map("schema")
    source = _schema(schema, entry.place("schema"), name)
    url = entry.text("routing_url") or (source.url if isinstance(source, FromUrl) else None)
    if url is None:
        raise SourceError(
            f'{subgraphs.place(name)}: subgraph "{name}" has no routing_url.{_meant("routing_url", entry)}'
        )
    return Entry(name, url, source, entry.place("schema"))


def _schema(schema: YamlMap, place: str, name: str) -> SchemaSource:
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


def _http(url: str, schema: YamlMap) -> str:
    if not url.startswith(("http://", "https://")):
        raise SourceError(f"{schema.place('subgraph_url')}: {url} is not an http or https url.")
    return url


def _headers(schema: YamlMap) -> Mapping[str, str]:
    if "introspection_headers" not in schema.entries:
        return {}
    headers = schema.map("introspection_headers")
    found = {name: headers.text(name) or "" for name in headers.entries}
    for name, value in found.items():
        if not (_HEADER_NAME.fullmatch(name) and _HEADER_VALUE.fullmatch(value)):
            raise SourceError(f"{headers.place(name)}: {name!r} with this value is not an HTTP header.")
    return found


def _meant(key: str, entries: YamlMap) -> str:
    """What another key may be a slip of the pen for."""
    close = get_close_matches(key, entries.entries, n=1)
    return f' "{close[0]}" is not it.' if close else ""
