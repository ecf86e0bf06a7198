"""The registry's HTTP API for the command line."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any, Final
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

from plait_schema.registry.model import VariantId

_TIMEOUT: Final = 120.0  # seconds: a large graph composes meanwhile


class ClientError(Exception):
    """The registry refused, or cannot be asked. `code` is the registry's, or UNREACHABLE."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{message.rstrip('.')} ({code})")
        self.code = code


@dataclass(frozen=True, slots=True)
class RegistryClient:
    """A registry at a URL, spoken to with a token. Methods raise ClientError, and TimeoutError."""

    url: str
    token: str | None
    timeout: float = _TIMEOUT

    def get(self, path: str, query: Mapping[str, Any] | None = None) -> Any:
        return json.loads(self._ask("GET", path, query=query))

    def get_text(self, path: str) -> str:
        return self._ask("GET", path).decode(errors="replace")

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        return json.loads(self._ask("POST", path, body=body))

    def put(self, path: str, body: Mapping[str, Any]) -> Any:
        return json.loads(self._ask("PUT", path, body=body))

    def delete(self, path: str, query: Mapping[str, Any] | None = None) -> Any:
        return json.loads(self._ask("DELETE", path, query=query) or b"null")

    def _ask(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> bytes:
        headers = {"accept": "application/json", "content-type": "application/json"}
        if self.token:
            headers["authorization"] = f"Bearer {self.token}"
        address = f"{self.url.rstrip('/')}{path}" + (f"?{urlencode(query)}" if query else "")
        content = None if body is None else json.dumps(body).encode()
        try:
            request = Request(address, data=content, headers=headers, method=method)  # noqa: S310 # checked where it is read
            with urlopen(request, timeout=self.timeout) as response:  # noqa: S310
                return bytes(response.read())
        except HTTPError as error:
            with error:
                raise _refused(error.code, error.read(100_000)) from error
        except (OSError, HTTPException, ValueError) as error:
            reason = getattr(error, "reason", None) or error
            told = getattr(reason, "strerror", None) or reason
            if isinstance(reason, TimeoutError):
                raise reason from error
            raise ClientError("UNREACHABLE", f"the registry {self.url} cannot be asked: {told}") from error


def variant_path(variant_id: VariantId) -> str:
    return f"/api/graphs/{variant_id.graph}/variants/{variant_id.variant}"


def segment(name: str) -> str:
    """A name as one segment of a path."""
    return quote(name, safe="")


def _refused(status: int, content: bytes) -> ClientError:
    try:
        answer: Any = json.loads(content)
    except ValueError:
        answer = None
    match answer:
        case {"code": str(code), "message": str(message)}:
            return ClientError(code, f"the registry refused: {message}")
        case _:
            return ClientError("UNREACHABLE", f"what answers is no registry (status {status})")
