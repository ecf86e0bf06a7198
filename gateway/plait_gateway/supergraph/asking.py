"""Asking a registry for the supergraph that it serves."""

import json
from dataclasses import dataclass
from http.client import HTTPException
from typing import TYPE_CHECKING, Any, Final
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request

from plait_schema.delivery import Artifact, ArtifactError, read_artifact
from plait_schema.delivery.secrecy import bearer, open_directly
from plait_schema.delivery.troubles import trouble_of

if TYPE_CHECKING:
    from plait_schema.delivery.signature import PublicKey

_LARGEST: Final = 256 * 1024 * 1024  # bytes; no supergraph comes near
_NOT_MODIFIED: Final = 304
_FIRST_ANSWER: Final = 10.0  # seconds beyond the wait that was asked for


class RegistryUnreachable(Exception):  # noqa: N818 - it names a state of the registry, not of our code
    """No artifact came, or none that can be trusted. The message says why, in one line."""


@dataclass(frozen=True, slots=True)
class RegistryAddress:
    """A variant of a registry; `graph` is `name@variant`. With a key, only what it signed is taken."""

    url: str
    graph: str
    token: str | None = None
    key: "PublicKey | None" = None

    @property
    def path(self) -> str:
        """The URL of the variant."""
        name, _, variant = self.graph.partition("@")
        place = f"/api/graphs/{quote(name, safe='')}/variants/{quote(variant or 'current', safe='')}"
        return f"{self.url.rstrip('/')}{place}"

    def ask(self, etag: str | None, *, wait: float) -> Artifact | None:
        """What is served, as soon as it is another than `etag` names; None after `wait` seconds.

        Blocks. Raises RegistryUnreachable.
        """
        headers = {"accept": "application/json"}
        if etag:
            headers["if-none-match"] = etag
        try:
            if self.token:
                headers["authorization"] = bearer(self.token)
            request = Request(f"{self.path}/supergraph?wait={wait:g}", headers=headers)  # noqa: S310 # checked at the command line
            with open_directly(request, timeout=wait + _FIRST_ANSWER) as response:
                content = response.read(_LARGEST + 1)
        except HTTPError as error:
            with error:
                if error.code == _NOT_MODIFIED:
                    return None
                raise RegistryUnreachable(_refusal(error)) from error
        except (OSError, HTTPException, ValueError) as error:
            raise RegistryUnreachable(trouble_of(error)) from error
        if len(content) > _LARGEST:
            raise RegistryUnreachable("its answer is too long")
        try:
            return self.checked(read_artifact(content))
        except ArtifactError as error:
            raise RegistryUnreachable(f"its artifact is refused: {error}") from error

    def checked(self, artifact: Artifact) -> Artifact:
        """The artifact, if it is of this variant and, where there is a key, signed. Raises ArtifactError."""
        name, _, variant = self.graph.partition("@")
        if artifact.graph != f"{name}@{variant or 'current'}":
            raise ArtifactError(f"it is of {artifact.graph}")
        if self.key is not None:
            self.key.verify(artifact)
        return artifact


def _refusal(error: HTTPError) -> str:
    try:
        answer: Any = json.loads(error.read(100_000))
    except (ValueError, OSError, HTTPException):
        answer = None
    match answer:
        case {"code": str(code), "message": str(message)}:
            return f"{message} ({code})"
        case _:
            return f"what answers is no registry (status {error.code})"
