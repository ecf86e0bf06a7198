"""What requests and answers about versions look like: publishing, going back, the history, differences."""

from datetime import datetime
from typing import Any

from pydantic import Field

from plait_schema.checks.changes import Change
from plait_schema.registry.http.bodies import Body, Line, Name, OriginBody, Text
from plait_schema.registry.http.numbers import Number
from plait_schema.registry.model import Outcome, Version
from plait_schema.subgraph import SubgraphSource


class SubgraphBody(Body):
    """A subgraph as it is to be published."""

    name: Name
    routing_url: Line = Field(description="Where gateways reach it.")
    sdl: Text = Field(description="Its schema.")

    def source(self) -> SubgraphSource:
        return SubgraphSource(self.name, self.routing_url, self.sdl)


class PublishBody(Body):
    """Subgraphs that take effect together, or not at all."""

    subgraphs: list[SubgraphBody] = Field(min_length=1, max_length=1000)
    origin: OriginBody = Field(default_factory=OriginBody)
    dry_run: bool = Field(default=False, description="Compose and tell, but store nothing.")


class RollbackBody(Body):
    """The version to go back to."""

    to: Number
    origin: OriginBody | None = None


class PartAnswer(Body):
    name: str
    routing_url: str
    digest: str


class VersionAnswer(Body):
    graph: str
    variant: str
    number: int
    state: str = Field(description="composed, waiting (kept, nothing is served yet) or refused")
    cause: str = Field(description="publish, delete, rollback or contract")
    subgraphs: list[PartAnswer]
    supergraph_digest: str | None
    diagnostics: list[dict[str, Any]] = Field(description="As `plait compose --format json` tells them.")
    origin: OriginBody
    by: str = Field(description="The name of the token.")
    at: datetime
    source: int | None = Field(description="Of a contract: the version of its source.")

    @classmethod
    def of(cls, version: Version) -> "VersionAnswer":
        origin = version.origin
        return cls(
            graph=version.variant_id.graph,
            variant=version.variant_id.variant,
            number=version.number,
            state=str(version.state),
            cause=str(version.cause),
            subgraphs=[
                PartAnswer(name=part.name, routing_url=part.routing_url, digest=part.digest)
                for part in version.parts
            ],
            supergraph_digest=version.supergraph,
            diagnostics=[dict(finding) for finding in version.findings],
            origin=OriginBody(author=origin.author, commit=origin.commit, message=origin.message),
            by=version.by,
            at=version.at,
            source=version.source,
        )


class OutcomeAnswer(Body):
    """What a change did."""

    changed: bool = Field(description="False when it was refused, or when there was nothing to change.")
    dry_run: bool
    serving: int | None = Field(description="The version whose supergraph gateways get now.")
    version: VersionAnswer
    contracts: list[VersionAnswer] = Field(description="What the variant's contracts make of it.")

    @classmethod
    def of(cls, outcome: Outcome) -> "OutcomeAnswer":
        return cls(
            changed=outcome.changed,
            dry_run=outcome.dry_run,
            serving=outcome.serving,
            version=VersionAnswer.of(outcome.version),
            contracts=[VersionAnswer.of(one) for one in outcome.contracts],
        )


class HistoryAnswer(Body):
    versions: list[VersionAnswer]
    before: int | None = Field(description="Ask for the page before this number; null on the last page.")


class ChangeAnswer(Body):
    criticality: str = Field(description="breaking, dangerous or safe")
    code: str
    coordinate: str
    message: str

    @classmethod
    def of(cls, change: Change) -> "ChangeAnswer":
        return cls(
            criticality=change.criticality.value,
            code=change.code.name,
            coordinate=change.coordinate,
            message=change.message,
        )


class DiffAnswer(Body):
    changes: list[ChangeAnswer]
