"""The subgraphs of a supergraph.yaml, in the format of rover: names, URLs, and where the SDL is.

Everything that touches files, the network or a user's code on the way to composition is here, so that
composition itself is a plain function.
"""

from pathlib import Path

from plait_schema.sources.check_settings import read_check_settings
from plait_schema.sources.configuration import (
    Entry,
    FromFile,
    FromModule,
    FromUrl,
    Inline,
    read_configuration,
)
from plait_schema.sources.contracts import read_contract, read_contracts
from plait_schema.sources.errors import SourceError, SourceTimeoutError
from plait_schema.sources.module import sdl_of_module
from plait_schema.sources.url import fetch_all
from plait_schema.subgraph import SubgraphSource
from plait_schema.subgraph.limits import MAXIMUM_LENGTH

__all__ = [
    "DEFAULT_TIMEOUT",
    "SourceError",
    "SourceTimeoutError",
    "read_check_settings",
    "read_contract",
    "read_contracts",
    "read_sources",
]

DEFAULT_TIMEOUT = 30.0


def read_sources(configuration: Path, *, timeout: float = DEFAULT_TIMEOUT) -> tuple[SubgraphSource, ...]:
    """Read the configuration and the SDL of each subgraph that it names, in its order.

    Running subgraphs are asked all at once, and must answer within `timeout` seconds. Raises SourceError,
    and SourceTimeoutError when one does not.
    """
    entries = read_configuration(configuration)
    fetched = fetch_all([entry for entry in entries if isinstance(entry.schema, FromUrl)], timeout=timeout)
    return tuple(_read(entry, fetched.get(entry.name, "")) for entry in entries)


def _read(entry: Entry, fetched: str) -> SubgraphSource:
    match entry.schema:
        case FromFile(path):
            return SubgraphSource(entry.name, entry.url, _text(entry, path), str(path))
        case FromUrl():
            return SubgraphSource(entry.name, entry.url, fetched)
        case FromModule(module, attribute):
            return SubgraphSource(entry.name, entry.url, sdl_of_module(entry, module, attribute))
        case Inline(sdl):
            return SubgraphSource(entry.name, entry.url, sdl)


def _text(entry: Entry, path: Path) -> str:
    try:
        with path.open(encoding="utf-8") as file:
            return file.read(MAXIMUM_LENGTH + 1)  # one more says that there is more
    except UnicodeDecodeError as error:
        raise SourceError(f"{entry.place}: {path} is not UTF-8 text (byte {error.start}).") from error
    except OSError as error:
        raise SourceError(f"{entry.place}: {path} cannot be read: {error.strerror}.") from error
    except ValueError as error:  # a name that no file can have
        raise SourceError(f"{entry.place}: {str(path)!r} cannot be read: {error}.") from error
