"""Explanations: what the table of codes says, with an example that shows it and its mend.

Each code has a Markdown file in the folder `codes`: why the rule is there, `## Example` and `## Mend`, with
the schemas of both in blocks; what is safe needs no mend. A block is fenced as `graphql subgraph=NAME`, or as
`graphql supergraph` where it is a supergraph that is read; as `yaml configuration` where a contract is
applied. What compares two graphs has `graphql before` and `graphql after`, each with `subgraph=NAME` where
they are composed; a mend without a `before` is that of the example. Other blocks are inputs: an `operation`,
`usage`, a `manifest`, `approvals`, the `settings` of plait.yaml.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

from plait_schema.diagnostics import CODES, Code, Severity, Topic

_FOLDER: Final = files("plait_schema.explanations") / "codes"
_PARTS: Final = re.compile(r"(.+?)\n## Example\n(.+?)(?:\n## Mend\n(.+))?", re.DOTALL)
_BLOCK: Final = re.compile(
    r"^```graphql (?P<side>before|after)? ?(?:subgraph=(?P<subgraph>\S+)(?: url=(?P<url>\S+))?|supergraph)?\n"
    r"(?P<sdl>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_CONFIGURATION: Final = re.compile(r"^```yaml configuration\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_INPUT: Final = re.compile(
    r"^```(graphql|json|yaml) (operation|usage|manifest|approvals|settings)\n(.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_TABLES: Final = {
    Topic.COMPOSITION: {Severity.ERROR: "Errors of composition", Severity.HINT: "Hints of composition"},
    Topic.CHANGES: {
        Severity.ERROR: "Breaking changes",
        Severity.WARNING: "Dangerous changes",
        Severity.HINT: "Safe changes",
    },
    Topic.OPERATIONS: {
        Severity.ERROR: "Errors in recorded operations",
        Severity.WARNING: "Warnings of recorded operations",
        Severity.HINT: "Hints of recorded operations",
    },
    Topic.LINT: {Severity.ERROR: "Errors of lint", Severity.WARNING: "Warnings of lint"},
    Topic.INPUT: {Severity.ERROR: "Errors in what checks read"},
}
_TITLES: Final = {"settings": "plait.yaml"}


@dataclass(frozen=True, slots=True)
class ExampleSchema:
    """A subgraph of an example, or a supergraph, which has no name; a side of it where two are compared."""

    subgraph: str | None
    sdl: str
    side: str | None = None
    url: str | None = None

    @property
    def title(self) -> str:
        name = self.subgraph or ("" if self.side else "supergraph")
        return ", ".join(part for part in (name, self.side) if part)

    def as_json(self) -> dict[str, Any]:
        schema: dict[str, Any] = {"subgraph": self.subgraph, "sdl": self.sdl}
        return schema | ({"side": self.side} if self.side else {})


@dataclass(frozen=True, slots=True)
class ExampleInput:
    """What is given beside schemas: an operation, usage, settings."""

    kind: str
    language: str
    text: str

    @property
    def title(self) -> str:
        return _TITLES.get(self.kind, self.kind)

    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "text": self.text}


@dataclass(frozen=True, slots=True)
class Passage:
    """A few words, possibly none, and the schemas that they are about."""

    text: str
    schemas: tuple[ExampleSchema, ...]
    configuration: str | None = None  # the part of supergraph.yaml that says what the contract shows
    inputs: tuple[ExampleInput, ...] = ()

    def as_json(self) -> dict[str, Any]:
        passage: dict[str, Any] = {
            "text": self.text,
            "schemas": [schema.as_json() for schema in self.schemas],
        }
        if self.configuration:
            passage["configuration"] = self.configuration
        if self.inputs:
            passage["inputs"] = [each.as_json() for each in self.inputs]
        return passage


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a finding means, why it matters, a graph that has it, and that graph mended if it needs to be."""

    code: Code
    reason: str
    example: Passage
    mend: Passage | None

    def as_json(self) -> dict[str, Any]:
        """The row of the table, and what explains it."""
        explanation = {"reason": self.reason, "example": self.example.as_json()}
        mend = {"mend": self.mend.as_json()} if self.mend is not None else {}
        return code_as_json(self.code) | explanation | mend


def code_as_json(code: Code) -> dict[str, Any]:
    """A row of the table."""
    return {
        "code": code.name,
        "severity": str(code.severity),
        "meaning": code.meaning,
        "topic": str(code.topic),
    }


def tables() -> Iterator[tuple[str, list[Code]]]:
    """The codes in tables with titles: by topic, errors first, and by name."""
    for topic in Topic:
        for severity in Severity:
            codes = [each for each in CODES.values() if (each.topic, each.severity) == (topic, severity)]
            if codes:
                yield _TABLES[topic][severity], sorted(codes, key=lambda code: code.name)


def explanation_of(name: str) -> Explanation:
    """The explanation of a code of the table; raises KeyError for a name that is not there."""
    code = CODES[name]
    parts = _PARTS.fullmatch((_FOLDER / f"{name}.md").read_text(encoding="utf-8"))
    assert parts is not None, f"{name}.md has other parts than a reason, an example and a mend"
    reason, example, mend = parts.groups()
    return Explanation(code, reason.strip(), _passage(example), _passage(mend) if mend else None)


def _passage(markdown: str) -> Passage:
    inputs = tuple(ExampleInput(kind, language, text) for language, kind, text in _INPUT.findall(markdown))
    configuration = next(iter(_CONFIGURATION.findall(markdown)), None)
    rest = _CONFIGURATION.sub("", _INPUT.sub("", markdown))
    schemas = tuple(
        ExampleSchema(found["subgraph"], found["sdl"], found["side"], found["url"])
        for found in _BLOCK.finditer(rest)
    )
    return Passage(_BLOCK.sub("", rest).strip(), schemas, configuration, inputs)
