"""Writing Python: lines with their indentation, and names for what they refer to."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from plait_gateway.executor.program.refusal import Refusal, Refused

_MAX_LOOPS = 16  # Python nests no more than 20
_MAX_DEPTH = 80  # Python indents no deeper than 100


class Source:
    """One function under construction. Only GraphQL names and numbers become part of the text."""

    def __init__(self, name: str, parameters: str) -> None:
        self._name = name
        self._lines = [f"def {name}({parameters}):"]
        self._depth = 1
        self._loops = 0
        self._names = 0
        self.constants: dict[str, Any] = {}

    def line(self, text: str) -> None:
        self._lines.append("    " * self._depth + text)

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """Lines inside of `head:`. Raises Refused where Python allows no deeper nesting."""
        is_loop = head.startswith("for ")
        self.line(head + ":")
        self._depth += 1
        self._loops += is_loop
        if self._depth > _MAX_DEPTH or self._loops > _MAX_LOOPS:
            raise Refused(Refusal.NESTING)
        before = len(self._lines)
        yield
        if len(self._lines) == before:
            self.line("pass")
        self._depth -= 1
        self._loops -= is_loop

    def fresh(self, stem: str) -> str:
        """A name that is used nowhere else in the function."""
        self._names += 1
        return f"{stem}_{self._names}"

    def constant(self, stem: str, value: Any) -> str:
        """A name for a value that is made at compile time."""
        name = self.fresh(stem)
        self.constants[name] = value
        return name

    @property
    def has_lines(self) -> bool:
        return len(self._lines) > 1

    @property
    def text(self) -> str:
        lines = self._lines if self.has_lines else [*self._lines, "    pass"]
        return "\n".join(lines) + "\n"

    def compile(self, names: Mapping[str, Any]) -> Callable[..., Any]:
        """The function, with these names and its constants as its globals."""
        scope = {**names, **self.constants}
        exec(compile(self.text, f"<plait program: {self._name}>", "exec"), scope)  # noqa: S102 - see above
        made: Callable[..., Any] = scope[self._name]
        return made
