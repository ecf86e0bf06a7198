"""The keys that sign access tokens, and what becomes of them.

ring   which key signs, which are published, when there should be another: the rules
store  the ring as files in the data folder, shared by all processes that sign
"""

from subgraphs.identity.keys.ring import KeyRing, Rotation, SigningKey, Standing
from subgraphs.identity.keys.store import PRIVATE_KEYS_FILE, PUBLIC_KEYS_FILE, KeyStore, SigningKeyError

__all__ = [
    "PRIVATE_KEYS_FILE",
    "PUBLIC_KEYS_FILE",
    "KeyRing",
    "KeyStore",
    "Rotation",
    "SigningKey",
    "SigningKeyError",
    "Standing",
]
