"""How a supergraph gets from a registry to a gateway: what both of them know, and nothing else.

`signature.py` is left to who signs or verifies: the library that it needs takes 8 MB.
"""

from plait_schema.delivery.artifact import Artifact, ArtifactError, digest_of, read_artifact

__all__ = ["Artifact", "ArtifactError", "digest_of", "read_artifact"]
