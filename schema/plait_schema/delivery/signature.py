"""Ed25519 signatures of artifacts (RFC 8032)."""

from dataclasses import replace
from typing import Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from plait_schema.delivery.artifact import Artifact, ArtifactError

_UNREADABLE: Final = (ValueError, TypeError, UnsupportedAlgorithm)


class PublicKey:
    """What a gateway knows of its registry. `from_pem` raises ValueError for anything but an Ed25519 key."""

    def __init__(self, key: Ed25519PublicKey) -> None:
        self._key = key

    @classmethod
    def from_pem(cls, pem: bytes) -> "PublicKey":
        try:
            key = load_pem_public_key(pem)
        except _UNREADABLE as error:
            raise ValueError("it is not a public key in PEM form") from error
        if not isinstance(key, Ed25519PublicKey):
            raise ValueError("it is not an Ed25519 key")  # noqa: TRY004 # what is wrong is the file's content
        return cls(key)

    @property
    def pem(self) -> bytes:
        return self._key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def verify(self, artifact: Artifact) -> None:
        """Raises ArtifactError unless the holder of the private key signed exactly this."""
        if artifact.signature is None:
            raise ArtifactError("it is not signed")
        try:
            self._key.verify(bytes.fromhex(artifact.signature), artifact.signed)
        except (InvalidSignature, ValueError) as error:
            raise ArtifactError("its signature is not that of the registry's key") from error


class SigningKey:
    """What only the registry knows. `from_pem` raises ValueError for anything but an Ed25519 key."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key

    @classmethod
    def generate(cls) -> "SigningKey":
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def from_pem(cls, pem: bytes) -> "SigningKey":
        try:
            key = load_pem_private_key(pem, password=None)
        except _UNREADABLE as error:
            raise ValueError("it is not an unencrypted private key in PEM form") from error
        if not isinstance(key, Ed25519PrivateKey):
            raise ValueError("it is not an Ed25519 key")  # noqa: TRY004 # what is wrong is the file's content
        return cls(key)

    @property
    def pem(self) -> bytes:
        return self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    @property
    def public(self) -> PublicKey:
        return PublicKey(self._key.public_key())

    def derived(self, purpose: str) -> bytes:
        """32 bytes that nobody finds who does not have the key, others for each purpose (HKDF, RFC 5869)."""
        secret = self._key.private_bytes_raw()
        return HKDF(SHA256(), 32, salt=None, info=f"plait {purpose}".encode()).derive(secret)

    def sign(self, artifact: Artifact) -> Artifact:
        return replace(artifact, signature=self._key.sign(artifact.signed).hex())
