"""The words of a text and of a question, without case, accents and punctuation: on every database alike.

What is a letter, and what a word, the databases see differently, each by its age and its locale. They are
given words of small ASCII letters and digits alone, of which all think the same.
"""

import re
import unicodedata
from typing import Final

_WORD: Final = re.compile(r"[^\W_]+")
_MOST_WORDS: Final = 12
_LONGEST_WORD: Final = 60
_PLAIN: Final = frozenset("abcdefghijklmnoprstuvwxyz0123456789")  # q marks what stands for something else


def indexed(text: str) -> str:
    """A text as it is indexed: its words, with spaces between."""
    return " ".join(map(_spelled, _WORD.findall(_plain(text))))


def asked(text: str) -> tuple[str, ...]:
    """The words that a question asks for; of a long one the first twelve."""
    return tuple(dict.fromkeys(map(_spelled, _WORD.findall(_plain(text)))))[:_MOST_WORDS]


def _plain(text: str) -> str:
    """Compatibility forms may be capitals, and folding may compose: both are done until nothing changes."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text.casefold()).casefold())
    return "".join(one for one in folded if not unicodedata.category(one).startswith("M"))


def _spelled(word: str) -> str:
    """The beginning of a word is spelled as its spelling begins, and no two words are spelled alike.

    None begins with a digit: it might be taken for a number.
    """
    rest = "".join(_letter(one, _PLAIN) for one in word[1:_LONGEST_WORD])
    return _letter(word[0], _PLAIN - frozenset("0123456789")) + rest


def _letter(letter: str, plain: frozenset[str]) -> str:
    if letter in plain:
        return letter
    return "qq" if letter == "q" else f"q{ord(letter):06x}"
