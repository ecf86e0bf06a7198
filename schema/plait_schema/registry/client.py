"""The registry's HTTP API for the command line."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPException
from typing import Any, Final
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from urllib.request import Request

from plait_schema.delivery.secrecy import bearer, open_directly
from plait_schema.delivery.troubles import trouble_of
from plait_schema.registry.model import VariantId

_NO_CONTENT: Final = b"null"  # what 204 is read as; an empty answer with another status is none of a registry


class ClientError(Exception):
    """The registry refused, or cannot be asked. `code` is the registry's, or UNREACHABLE."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{message.removesuffix('.')} ({code})")
        self.code = code


@dataclass(frozen=True, slots=True)
class RegistryClient:
    """A registry at a URL, spoken to with a token. Methods raise ClientError, and TimeoutError."""

    url: str
    token: str | None
    timeout: float  # seconds

    def get(self, path: str, query: Mapping[str, Any] | None = None) -> Any:
        return _document(self._ask("GET", path, query=query))

    def get_text(self, path: str) -> str:
        return self._ask("GET", path, accept="text/plain").decode(errors="replace")

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        return _document(self._ask("POST", path, body=body))

    def put(self, path: str, body: Mapping[str, Any]) -> Any:
        return _document(self._ask("PUT", path, body=body))

    def delete(self, path: str, query: Mapping[str, Any] | None = None) -> Any:
        """None where the registry has nothing to say."""
        content = self._ask("DELETE", path, query=query)
        return None if content == _NO_CONTENT else _document(content)

    def _ask(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        accept: str = "application/json",
    ) -> bytes:
        address = f"{self.url.rstrip('/')}{path}" + (f"?{urlencode(query)}" if query else "")
        content = None if body is None else json.dumps(body).encode()
        headers = {"accept": accept, "content-type": "application/json"}
        try:
            if self.token:
                headers["authorization"] = bearer(self.token)
            request = Request(address, data=content, headers=headers, method=method)  # noqa: S310 # checked where it is read
            with open_directly(request, timeout=self.timeout) as response:
                if response.headers.get_content_type() == "text/html":
                    raise _no_registry(response.status, "a page")
                return _NO_CONTENT if response.status == HTTPStatus.NO_CONTENT else response.read()
        except HTTPError as error:
            with error:
                raise _refused(error.code, error.read(100_000)) from error
        except (OSError, HTTPException, ValueError) as error:
            reason = getattr(error, "reason", None) or error
            if isinstance(reason, TimeoutError):
                raise reason from error
            message = f"the registry {self.url} cannot be asked: {trouble_of(error)}"
            raise ClientError("UNREACHABLE", message) from error


def variant_path(variant_id: VariantId) -> str:
    return f"/api/graphs/{variant_id.graph}/variants/{variant_id.variant}"


def segment(name: str) -> str:
    """A name as one segment of a path."""
    return quote(name, safe="")


def _document(content: bytes) -> Any:
    answer = _parsed(content)
    if not isinstance(answer, dict):
        raise _no_registry(HTTPStatus.OK, "no JSON object")
    return answer


def _refused(status: int, content: bytes) -> ClientError:
    match _parsed(content):
        case {"code": str(code), "message": str(message)}:
            return ClientError(code, f"the registry refused: {message}")
        case _:
            return _no_registry(status)


def _parsed(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        return None


def _no_registry(status: int, what: str | None = None) -> ClientError:
    with_what = f", with {what}" if what else ""
    return ClientError("UNREACHABLE", f"what answers is no registry (status {status}{with_what})")
