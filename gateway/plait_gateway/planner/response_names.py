"""Response keys for what the gateway asks for itself: never one that means something else to the client."""

from collections.abc import Container, Iterable
from typing import TypeAlias

from plait_gateway.planner.normalize import INTERNAL_PREFIX
from plait_schema.query_graph import Selection
from plait_schema.query_graph.selection import argument_text

ResponsePath: TypeAlias = tuple[str, ...]  # response keys from the root; lists and types left out
_Asked: TypeAlias = tuple[str, str]  # a field's name and its arguments


class ResponseNames:
    """At each path of the response: which key stands for which field with which arguments.

    A key that the client uses for just that field is shared. Otherwise the field's own name is taken if it
    is free, and a name of the gateway's if not.
    """

    def __init__(self, selections: Iterable[Selection]) -> None:
        self._meanings: dict[ResponsePath, dict[str, set[_Asked]]] = {}
        self._internal: dict[tuple[ResponsePath, _Asked], str] = {}
        self._note((), selections)

    def key_for(self, path: ResponsePath, selection: Selection) -> str:
        """The key for a selection at a path; the same whenever the same is asked."""
        if selection.response_key is not None:
            return selection.response_key
        asked = (selection.field, argument_text(selection.arguments))
        if (path, asked) not in self._internal:
            self._internal[path, asked] = self._choose(path, asked)
        return self._internal[path, asked]

    def _choose(self, path: ResponsePath, asked: _Asked) -> str:
        meanings = self._meanings.setdefault(path, {})
        field, _ = asked
        shared = sorted(key for key, meaning in meanings.items() if meaning == {asked})
        if shared:
            return field if field in shared else shared[0]
        key = free_name(field, meanings)
        meanings[key] = {asked}
        return key

    def _note(self, path: ResponsePath, selections: Iterable[Selection]) -> None:
        meanings = self._meanings.setdefault(path, {})
        for selection in selections:
            key = selection.response_key or selection.field
            meanings.setdefault(key, set()).add((selection.field, argument_text(selection.arguments)))
            if selection.selections:
                self._note((*path, key), selection.selections)


def free_name(name: str, taken: Container[str]) -> str:
    """The name, or one of the gateway's where it is taken."""
    free = name
    attempt = 0
    while free in taken:
        free = f"{INTERNAL_PREFIX}{attempt}_{name}"
        attempt += 1
    return free
