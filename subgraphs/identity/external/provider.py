"""What an identity provider vouches for."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class ExternalIdentity:
    """Somebody as their provider knows them: `subject` is theirs for ever at this `issuer`."""

    issuer: str
    subject: str
    email: str
    first_name: str
    last_name: str


class NotVouchedForError(Exception):
    """The provider does not say who this is. The message is for the log, and says nothing secret."""


class IdentityProvider(Protocol):
    """Says who somebody is that it has sent to us."""

    async def redeem(self, code: str, *, code_verifier: str, nonce: str) -> ExternalIdentity:
        """Whose code this is, with an address that is verified there. NotVouchedForError, also when the
        provider does not answer."""
        ...
