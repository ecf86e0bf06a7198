"""How messages name subgraphs: `"a"`, `"a" and "b"`, `"a", "b" and "c"`."""

from collections.abc import Iterable, Mapping, Sequence


def named(subgraphs: Iterable[str]) -> str:
    """The subgraphs in order, quoted."""
    return listed([f'"{name}"' for name in sorted(set(subgraphs))])


def listed(items: Sequence[str]) -> str:
    """Items with commas and an "and"."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def who_says_what(said: Mapping[str, str]) -> str:
    """Subgraph -> statement, as `Int in "a" and "b", String in "c"`."""
    by_statement: dict[str, list[str]] = {}
    for subgraph, statement in said.items():
        by_statement.setdefault(statement, []).append(subgraph)
    return ", ".join(f"{statement} in {named(found)}" for statement, found in by_statement.items())
