"""The words of a text and of a question, without case, accents and punctuation: on every database alike."""

import re
import unicodedata
from typing import Final

_WORD: Final = re.compile(r"\w+")
_MOST_WORDS: Final = 12


def indexed(text: str) -> str:
    """A text as it is indexed: its words, with spaces between."""
    return " ".join(_WORD.findall(_plain(text)))


def asked(text: str) -> tuple[str, ...]:
    """The words that a question asks for; of a long one the first twelve."""
    return tuple(dict.fromkeys(_WORD.findall(_plain(text))))[:_MOST_WORDS]


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(one for one in decomposed if not unicodedata.combining(one)).replace("_", " ")
