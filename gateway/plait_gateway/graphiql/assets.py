"""The built files as they lie in this package."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import PurePosixPath

_CONTENT_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file. Its name changes with its content, so a browser may keep it for ever."""

    content_type: str
    gzipped: bytes
    etag: str  # quoted, as the header wants it; of the gzipped form


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the build wrote about itself: the files that the page names, and the hash of each file."""

    script: str
    styles: tuple[str, ...]
    icon: str
    files: Mapping[str, str]


@cache
def manifest() -> Manifest:
    """The manifest of the files in this package."""
    built = json.loads((files(__package__) / "manifest.json").read_text(encoding="utf-8"))
    return Manifest(built["script"], tuple(built["styles"]), built["icon"], built["files"])


@cache
def _read(name: str) -> Asset:
    gzipped = (files(__package__) / "assets" / f"{name}.gz").read_bytes()
    return Asset(_CONTENT_TYPES[PurePosixPath(name).suffix], gzipped, f'"{manifest().files[name]}"')


def asset(name: str) -> Asset | None:
    """The built file of this name, or None: a name is looked up in the manifest and never made a path."""
    return _read(name) if name in manifest().files else None
