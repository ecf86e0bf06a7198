"""Where usage goes: a registry, or a file for checks without one."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Final, Protocol
from urllib.error import HTTPError
from urllib.request import Request

from plait_gateway.supergraph.asking import RegistryAddress
from plait_schema.delivery.secrecy import bearer, open_directly
from plait_schema.delivery.troubles import trouble_of
from plait_schema.usage import FORMAT, VERSION, UsageRecord

_TIMEOUT: Final = 10.0  # seconds


class SinkFailed(Exception):  # noqa: N818 - it names a state of the sink, not of our code
    """Nothing was taken. With `is_final` it is no use to try again."""

    def __init__(self, reason: str, *, is_final: bool = False) -> None:
        super().__init__(reason)
        self.is_final = is_final


class Sink(Protocol):
    """Takes records, all or none. Blocks; raises SinkFailed."""

    def write(self, records: Sequence[UsageRecord], report: str) -> None:
        """`report` is the same when the same records are written again."""
        ...


@dataclass(frozen=True, slots=True)
class RegistrySink:
    """A registry, which takes a report once however often it is sent."""

    address: RegistryAddress

    def write(self, records: Sequence[UsageRecord], report: str) -> None:
        body = {"format": FORMAT, "version": VERSION, "report": report}
        content = json.dumps(body | {"records": [record.as_json() for record in records]}).encode()
        headers = {"content-type": "application/json"}
        try:
            if self.address.token:
                headers["authorization"] = bearer(self.address.token)
            request = Request(f"{self.address.path}/usage", data=content, headers=headers, method="POST")  # noqa: S310 # http(s), checked
            with open_directly(request, timeout=_TIMEOUT) as response:
                response.read(1000)
        except HTTPError as error:
            with error:
                reason = f"status {error.code}: {error.read(500).decode(errors='replace')}"
            is_final = 400 <= error.code < 500 and error.code not in (408, 429)
            raise SinkFailed(reason, is_final=is_final) from error
        except (OSError, HTTPException, ValueError) as error:
            raise SinkFailed(trouble_of(error)) from error


@dataclass(frozen=True, slots=True)
class FileSink:
    """A file of JSON lines, which grows; whoever rotates it may do so at any time."""

    path: Path

    def write(self, records: Sequence[UsageRecord], report: str) -> None:
        lines = "".join(json.dumps(record.as_json()) + "\n" for record in records)
        try:
            with self.path.open("a", encoding="utf-8") as file:
                file.write(lines)
        except OSError as error:
            raise SinkFailed(f"{self.path}: {error.strerror}") from error
