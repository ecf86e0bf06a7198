"""How telling a text is that was found. The databases have ranks of their own, which differ."""

from collections.abc import Sequence
from functools import reduce
from operator import add

from sqlalchemy import ColumnElement, Table, case, literal


def relevance(table: Table, words: Sequence[str]) -> ColumnElement[int]:
    """Of each word the first column counts that has a word beginning with it, twice as much as the next."""
    texts = [column for column in table.columns if not column.primary_key]
    weights = [2**place for place in reversed(range(len(texts)))]

    def of(word: str) -> ColumnElement[int]:
        stands_in = (literal(" ").concat(text).like(f"% {word}%") for text in texts)
        return case(*zip(stands_in, weights, strict=True), else_=0)

    return reduce(add, map(of, words))
