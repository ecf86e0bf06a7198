"""Golden cases: a Markdown file with a sentence of why, the input as fenced blocks, and what must come out.

    A key must name fields that exist.

    ```graphql subgraph=users
    type User @key(fields: "nothing") { id: ID! }
    ```

    ```text expected=diagnostics
    error KEY_INVALID_FIELDS User (users 1:11)
      ...
    ```

The first word of a fence is the language, for the reader; the attributes after it say what the block is.
Blocks with `expected` are compared with what the test made, or rewritten with `pytest --update`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from plait_schema.diagnostics import Diagnostic
from plait_schema.subgraph import SubgraphSource

_BLOCK = re.compile(r"^```(\w+)((?: [\w-]+=\S+)+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    attributes: Mapping[str, str]
    text: str


@dataclass(frozen=True, slots=True)
class Case:
    path: Path
    why: str
    blocks: tuple[Block, ...]

    @property
    def subgraphs(self) -> tuple[SubgraphSource, ...]:
        """The blocks with `subgraph=NAME`, a `url=` being optional."""
        return tuple(
            SubgraphSource(name, block.attributes.get("url", f"http://{name}.example/graphql"), block.text)
            for block in self.blocks
            if (name := block.attributes.get("subgraph"))
        )

    def text(self, attribute: str, value: str) -> str:
        """The text of the block that has this attribute."""
        return next(block.text for block in self.blocks if block.attributes.get(attribute) == value)

    @property
    def expected(self) -> dict[str, str]:
        return {name: block.text for block in self.blocks if (name := block.attributes.get("expected"))}


def read_case(path: Path) -> Case:
    text = path.read_text(encoding="utf-8")
    blocks = tuple(
        Block(dict(pair.split("=", 1) for pair in attributes.split()), body)
        for _, attributes, body in _BLOCK.findall(text)
    )
    return Case(path, text.split("```", 1)[0].strip(), blocks)


def cases(folder: Path) -> list[object]:
    """The parameters of a test: every case of the folder."""
    return [pytest.param(read_case(path), id=path.stem) for path in sorted(folder.glob("**/*.md"))]


def check(case: Case, actual: Mapping[str, str], *, update: bool) -> None:
    """Compare every expected block with the text of its name, or rewrite the file."""
    assert case.why, f"{case.path.name} does not say why"
    assert case.expected, f"{case.path.name} expects nothing"
    if update:
        _rewrite(case.path, actual)
        return
    for name, text in case.expected.items():
        assert actual[name].rstrip("\n") == text.rstrip("\n")


def diagnostics_text(diagnostics: Iterable[Diagnostic]) -> str:
    """Diagnostics as golden cases show them."""
    return "\n".join(_diagnostic_text(diagnostic) for diagnostic in diagnostics) or "none"


def _diagnostic_text(diagnostic: Diagnostic) -> str:
    places = ", ".join(f"{at.subgraph} {at.line}:{at.column}" for at in diagnostic.locations)
    places = places or ", ".join(diagnostic.subgraphs)
    coordinate = f" {diagnostic.coordinate}" if diagnostic.coordinate else ""
    lines = [f"{diagnostic.severity} {diagnostic.code}{coordinate} ({places})", f"  {diagnostic.message}"]
    if diagnostic.fix:
        lines.append(f"  Fix: {diagnostic.fix}")
    return "\n".join(lines)


def _rewrite(path: Path, actual: Mapping[str, str]) -> None:
    def block(match: re.Match[str]) -> str:
        language, attributes, body = match.groups()
        name = dict(pair.split("=", 1) for pair in attributes.split()).get("expected")
        if name is not None:
            body = actual[name].rstrip("\n") + "\n"
        return f"```{language}{attributes}\n{body}```"

    path.write_text(_BLOCK.sub(block, path.read_text(encoding="utf-8")), encoding="utf-8")
