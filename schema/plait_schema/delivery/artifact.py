"""A supergraph on its way: which version of what it is, its digest, and who vouches for it.

The signature covers graph, variant, version and digest together, so that a supergraph of another variant, or
an older one under a newer number, is no more accepted than one that was changed.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any


class ArtifactError(Exception):
    """An artifact that is damaged, tampered with, or not one at all. The message says which."""


@dataclass(frozen=True, slots=True)
class Artifact:
    """`graph` is `name@variant`; `signature` is Ed25519 over `signed`, in hexadecimal."""

    graph: str
    version: int
    digest: str
    supergraph_sdl: str
    signature: str | None = None

    @property
    def signed(self) -> bytes:
        return json.dumps(["plait-supergraph", self.graph, self.version, self.digest]).encode()

    @property
    def etag(self) -> str:
        """Changes with the version, also when a rollback brings the same supergraph again."""
        return f'"{self.version}-{self.digest[:16]}"'

    def as_json(self) -> dict[str, Any]:
        return {
            "graph": self.graph,
            "version": self.version,
            "digest": self.digest,
            "signature": self.signature,
            "supergraph": self.supergraph_sdl,
        }


def digest_of(text: str) -> str:
    """The address of a text: SHA-256 of its UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def read_artifact(content: bytes) -> Artifact:
    """From JSON, with the digest checked. Raises ArtifactError."""
    try:
        document: Any = json.loads(content)
    except ValueError as error:
        raise ArtifactError("it is not JSON") from error
    match document:
        case {
            "graph": str(graph),
            "version": int(version),
            "digest": str(digest),
            "signature": None | str() as signature,
            "supergraph": str(supergraph_sdl),
        }:
            artifact = Artifact(graph, version, digest, supergraph_sdl, signature)
        case _:
            raise ArtifactError(
                "it is no artifact of a registry: graph, version, digest, signature, supergraph"
            )
    try:
        actual = digest_of(supergraph_sdl)
    except UnicodeEncodeError as error:  # a lone surrogate
        raise ArtifactError("its supergraph is not Unicode text") from error
    if actual != digest:
        raise ArtifactError(f"its digest is {digest[:16]}..., but that of its supergraph {actual[:16]}...")
    return artifact
