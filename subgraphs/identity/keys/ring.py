"""Which key signs, which are published, and when there should be another one.

A key is published some time before it signs, so that whoever keeps a copy of the published keys has it when
the first token comes. It stays published until the last token that it signed has expired; its private half
goes as soon as it signs no more.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from joserfc.jwk import KeySet, OKPKey

from subgraphs.kernel.graphql.tokens import ALGORITHM

SKEW: Final = timedelta(minutes=1)
"""How far the clocks of those who verify may be behind."""


class Standing(StrEnum):
    """What a key is there for."""

    NEXT = "next"
    SIGNING = "signing"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key pair, of which a retired one has its public half only, and when it begins to sign."""

    jwk: OKPKey
    signs_from: datetime

    @classmethod
    def generate(cls, signs_from: datetime) -> "SigningKey":
        jwk = OKPKey.generate_key("Ed25519", parameters={"use": "sig", "alg": ALGORITHM})
        jwk.ensure_kid()
        return cls(jwk, signs_from)

    @property
    def kid(self) -> str:
        return str(self.jwk.kid)

    def public(self) -> "SigningKey":
        return replace(self, jwk=OKPKey.import_key(self.jwk.as_dict(private=False)))


@dataclass(frozen=True, slots=True)
class Rotation:
    """How long a key signs, how long before that it is published, how long the tokens live that it signs."""

    every: timedelta
    lead: timedelta
    tokens_live: timedelta


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Keys in the order in which they sign; at least one, of which the last is whole."""

    keys: tuple[SigningKey, ...]

    @classmethod
    def new(cls, now: datetime) -> "KeyRing":
        return cls((SigningKey.generate(now),))

    def signer(self, now: datetime) -> SigningKey:
        """The key that signs now: the newest of those whose time has come."""
        return next((key for key in reversed(self.keys) if key.signs_from <= now), self.keys[0])

    def standing(self, key: SigningKey, now: datetime) -> Standing:
        signer = self.signer(now)
        if key == signer:
            return Standing.SIGNING
        return Standing.NEXT if key.signs_from > signer.signs_from else Standing.RETIRED

    def is_tended(self, now: datetime, rotation: Rotation) -> bool:
        """Whether nothing is to be done: no key to add, to take back, or to take the private half of."""
        return not self._is_due(now, rotation) and self.keys == self._kept(now, rotation)

    def tended(self, now: datetime, rotation: Rotation) -> "KeyRing":
        """With another key when that is due, and without what is not needed any more."""
        return (
            self.rotated(now, rotation) if self._is_due(now, rotation) else KeyRing(self._kept(now, rotation))
        )

    def rotated(self, now: datetime, rotation: Rotation) -> "KeyRing":
        """With another key, which signs when it has been published for long enough."""
        return KeyRing((*self._kept(now, rotation), SigningKey.generate(now + rotation.lead)))

    def published(self, now: datetime, rotation: Rotation) -> tuple[SigningKey, ...]:
        """Those that sign, will sign, or have signed what may still be valid."""
        following = (*self.keys[1:], None)
        return tuple(
            key
            for key, successor in zip(self.keys, following, strict=True)
            if successor is None or successor.signs_from + rotation.tokens_live + SKEW > now
        )

    def _is_due(self, now: datetime, rotation: Rotation) -> bool:
        return self.keys[-1].signs_from + rotation.every - rotation.lead <= now

    def _kept(self, now: datetime, rotation: Rotation) -> tuple[SigningKey, ...]:
        return tuple(
            key.public() if self.standing(key, now) is Standing.RETIRED and key.jwk.is_private else key
            for key in self.published(now, rotation)
        )


def jwks(keys: Iterable[SigningKey]) -> bytes:
    """The JWKS document (RFC 7517) in which others find the public keys by their ids."""
    return json.dumps(KeySet([key.jwk for key in keys]).as_dict(private=False), sort_keys=True).encode()
