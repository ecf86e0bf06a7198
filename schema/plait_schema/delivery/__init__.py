"""How a supergraph gets from a registry to a gateway: what both of them know, and nothing else."""

from plait_schema.delivery.artifact import Artifact, ArtifactError, digest_of, read_artifact
from plait_schema.delivery.signature import PublicKey, SigningKey

__all__ = ["Artifact", "ArtifactError", "PublicKey", "SigningKey", "digest_of", "read_artifact"]
