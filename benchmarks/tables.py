"""Markdown tables for a README."""

from collections.abc import Iterable, Sequence


def table(titles: Sequence[str], rows: Iterable[Sequence[str]], *, words: int = 1) -> str:
    """A table with aligned columns: so many of words to the left, then numbers to the right."""
    lines = [list(titles), *(list(row) for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(titles))]
    rule = [("-" * (width - 1)) + ("-" if place < words else ":") for place, width in enumerate(widths)]
    return "\n".join(
        "| "
        + " | ".join(
            cell.ljust(width) if place < words else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        + " |"
        for line in (lines[0], rule, *lines[1:])
    )
