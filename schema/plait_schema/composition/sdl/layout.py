"""How SDL is laid out: descriptions, applied directives, arguments."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from graphql import ConstDirectiveNode, NameNode, StringValueNode, print_ast

from plait_schema.composition.merged import MergedInputValue


@dataclass(frozen=True, slots=True)
class Layout:
    """Prints parts of definitions; `names` are the directives that have another name in this supergraph."""

    names: Mapping[str, str]

    def description(self, text: str | None, indent: str = "") -> Iterator[str]:
        """The lines of a description, none when there is none."""
        if text is not None:
            printed = print_ast(StringValueNode(value=text, block=True))
            for line in printed.split("\n"):
                yield f"{indent}{line}" if line else line

    def directive(self, directive: ConstDirectiveNode) -> str:
        """One application, under its name in this supergraph."""
        name = self.names.get(directive.name.value, directive.name.value)
        return print_ast(replace(directive, name=NameNode(value=name)))

    def directives(self, joined: Iterable[str], applied: Iterable[ConstDirectiveNode]) -> str:
        """On one line, with a space before each."""
        return "".join(f" {each}" for each in (*joined, *(self.directive(one) for one in applied)))

    def arguments(self, arguments: Sequence[MergedInputValue], indent: str) -> str:
        """In parentheses: on one line, or one per line when one of them has a description."""
        kept = [argument for argument in arguments if argument.is_kept]
        if not kept:
            return ""
        if not any(argument.description for argument in kept):
            return f"({', '.join(self.input_value(argument) for argument in kept)})"
        lines: list[str] = []
        for argument in kept:
            lines += self.description(argument.description, f"{indent}  ")
            lines.append(f"{indent}  {self.input_value(argument)}")
        return "\n".join(["(", *lines, f"{indent})"])

    def input_value(self, value: MergedInputValue, joined: Iterable[str] = ()) -> str:
        """An argument or input field, without its description."""
        default = f" = {print_ast(value.default)}" if value.default is not None else ""
        return f"{value.name}: {print_ast(value.type)}{default}{self.directives(joined, value.directives)}"
