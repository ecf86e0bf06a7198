"""Explanations: what the table of codes says, with an example that shows it and its mend.

Each code has a Markdown file in the folder `codes`: why the rule is there, `## Example` and `## Mend`, with
the schemas of both in blocks. A block is fenced as `graphql subgraph=NAME`, or as `graphql supergraph` where
it is a supergraph that is read; as `yaml configuration` where a contract is applied.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

from plait_schema.diagnostics import CODES, Code, Severity

_FOLDER: Final = files("plait_schema.explanations") / "codes"
_PARTS: Final = re.compile(r"(.+?)\n## Example\n(.+?)\n## Mend\n(.+)", re.DOTALL)
_BLOCK: Final = re.compile(r"^```graphql (?:subgraph=(\S+)|supergraph)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

_CONFIGURATION: Final = re.compile(r"^```yaml configuration\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class ExampleSchema:
    """A subgraph of an example, or a supergraph, which has no name."""

    subgraph: str | None
    sdl: str

    @property
    def title(self) -> str:
        return self.subgraph or "supergraph"

    def as_json(self) -> dict[str, Any]:
        return {"subgraph": self.subgraph, "sdl": self.sdl}


@dataclass(frozen=True, slots=True)
class Passage:
    """A few words, possibly none, and the schemas that they are about."""

    text: str
    schemas: tuple[ExampleSchema, ...]
    configuration: str | None = None  # the part of supergraph.yaml that says what the contract shows

    def as_json(self) -> dict[str, Any]:
        passage = {"text": self.text, "schemas": [schema.as_json() for schema in self.schemas]}
        return passage | ({"configuration": self.configuration} if self.configuration else {})


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a finding means, why it matters, a graph that has it, and the same graph mended."""

    code: Code
    reason: str
    example: Passage
    mend: Passage

    def as_json(self) -> dict[str, Any]:
        """The row of the table, and what explains it."""
        return code_as_json(self.code) | {
            "reason": self.reason,
            "example": self.example.as_json(),
            "mend": self.mend.as_json(),
        }


def code_as_json(code: Code) -> dict[str, Any]:
    """A row of the table."""
    return {"code": code.name, "severity": str(code.severity), "meaning": code.meaning}


def codes_by_severity() -> Iterator[tuple[Severity, list[Code]]]:
    """The table: errors, then hints, each by name."""
    for severity in Severity:
        yield severity, sorted((c for c in CODES.values() if c.severity is severity), key=lambda c: c.name)


def explanation_of(name: str) -> Explanation:
    """The explanation of a code of the table; raises KeyError for a name that is not there."""
    code = CODES[name]
    parts = _PARTS.fullmatch((_FOLDER / f"{name}.md").read_text(encoding="utf-8"))
    assert parts is not None, f"{name}.md has other parts than a reason, an example and a mend"
    reason, example, mend = parts.groups()
    return Explanation(code, reason.strip(), _passage(example), _passage(mend))


def _passage(markdown: str) -> Passage:
    schemas = tuple(ExampleSchema(name or None, sdl) for name, sdl in _BLOCK.findall(markdown))
    configuration = next(iter(_CONFIGURATION.findall(markdown)), None)
    return Passage(_CONFIGURATION.sub("", _BLOCK.sub("", markdown)).strip(), schemas, configuration)
