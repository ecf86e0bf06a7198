"""Versions of specifications: `v2.3` is (2, 3)."""

import re
from typing import TypeAlias

Version: TypeAlias = tuple[int, int]

FEDERATION_1: Version = (1, 0)  # a subgraph that does not link the federation specification
FEDERATION_2: tuple[Version, ...] = tuple((2, minor) for minor in range(13))
LATEST: Version = FEDERATION_2[-1]

_VERSION = re.compile(r"v(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})", re.ASCII)


def parse_version(text: str) -> Version | None:
    """The version at the end of a specification's url, None when it is not of the form v<major>.<minor>."""
    match = _VERSION.fullmatch(text)
    return (int(match[1]), int(match[2])) if match else None


def print_version(version: Version) -> str:
    """As it stands in a url: v2.3."""
    return f"v{version[0]}.{version[1]}"
