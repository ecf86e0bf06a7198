"""What requests and answers of the HTTP API look like."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from plait_schema.checks.changes import Change
from plait_schema.registry.http.numbers import Number
from plait_schema.registry.model import (
    AuditEntry,
    ContractVariant,
    Origin,
    Outcome,
    Variant,
    VariantId,
    Version,
)
from plait_schema.registry.tokens import Token
from plait_schema.subgraph import SubgraphSource


def _storable(text: str) -> str:
    """JSON can say what no database stores: NUL, and halves of surrogate pairs."""
    if "\x00" in text:
        raise ValueError("it holds a NUL character")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("it holds half of a surrogate pair") from None
    return text


Text = Annotated[str, AfterValidator(_storable)]
Name = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_storable)]
Line = Annotated[str, Field(max_length=2000), AfterValidator(_storable)]


class Body(BaseModel):
    """JSON in camel case, in which nothing unknown is silently left out."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")


class SubgraphBody(Body):
    """A subgraph as it is to be published."""

    name: Name
    routing_url: Line = Field(description="Where gateways reach it.")
    sdl: Text = Field(description="Its schema.")

    def source(self) -> SubgraphSource:
        return SubgraphSource(self.name, self.routing_url, self.sdl)


class OriginBody(Body):
    """Where a change comes from; shown in the history."""

    author: Line | None = None
    commit: Line | None = None
    message: Line | None = None

    def origin(self) -> Origin:
        return Origin(self.author, self.commit, self.message)


class PublishBody(Body):
    """Subgraphs that take effect together, or not at all."""

    subgraphs: list[SubgraphBody] = Field(min_length=1, max_length=1000)
    origin: OriginBody = Field(default_factory=OriginBody)
    dry_run: bool = Field(default=False, description="Compose and tell, but store nothing.")


class RollbackBody(Body):
    """The version to go back to."""

    to: Number
    origin: OriginBody | None = None


class TokenBody(Body):
    """A token to be made."""

    name: Name
    scopes: list[Line] = Field(min_length=1, examples=[["publish:shop@*", "check:shop@*"]])
    expires_at: datetime | None = None


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


class ContractBody(Body):
    """What a variant shows of another one of its graph: what has an included tag, and no excluded one."""

    source: Line = Field(description="The other variant's name.")
    include: list[Line] = Field(default_factory=list, max_length=200)
    exclude: list[Line] = Field(default_factory=list, max_length=200)
    hide_unreachable_types: bool = False

    @classmethod
    def of(cls, one: ContractVariant) -> "ContractBody":
        return cls(
            source=one.source.variant,
            include=sorted(one.contract.include),
            exclude=sorted(one.contract.exclude),
            hide_unreachable_types=one.contract.hide_unreachable_types,
        )

    def contract(self, variant_id: VariantId) -> ContractVariant:
        """Raises RegistryError (INVALID_NAME, INVALID_REQUEST)."""
        return ContractVariant.of(
            variant_id,
            VariantId(variant_id.graph, self.source),
            frozenset(self.include),
            frozenset(self.exclude),
            hide_unreachable_types=self.hide_unreachable_types,
        )


class NewContractBody(ContractBody):
    dry_run: bool = Field(default=False, description="Compose and tell, but store nothing.")


class VariantAnswer(Body):
    graph: str
    variant: str
    latest: int
    head: int
    serving: int | None
    created_at: datetime
    contract: ContractBody | None = Field(description="Where it is a contract of another variant.")

    @classmethod
    def of(cls, variant: Variant, contract: ContractVariant | None) -> "VariantAnswer":
        return cls(
            graph=variant.variant_id.graph,
            variant=variant.variant_id.variant,
            latest=variant.latest,
            head=variant.head,
            serving=variant.serving,
            created_at=variant.created_at,
            contract=None if contract is None else ContractBody.of(contract),
        )


class VariantsAnswer(Body):
    variants: list[VariantAnswer]


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


class ArtifactAnswer(Body):
    """A supergraph as gateways keep it. The signature is Ed25519 over graph, version and digest."""

    graph: str
    version: int
    digest: str
    signature: str | None
    supergraph: str


class TokenAnswer(Body):
    id: int
    name: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None
    secret: str | None = Field(default=None, description="Only in the answer that made the token.")

    @classmethod
    def of(cls, token: Token, secret: str | None = None) -> "TokenAnswer":
        return cls(
            id=token.id,
            name=token.name,
            scopes=[str(scope) for scope in token.scopes],
            created_at=token.created_at,
            expires_at=token.expires_at,
            revoked_at=token.revoked_at,
            last_used_at=token.last_used_at,
            secret=secret,
        )


class TokensAnswer(Body):
    tokens: list[TokenAnswer]


class AuditAnswerEntry(Body):
    id: int
    at: datetime
    by: str
    action: str
    target: str
    detail: dict[str, Any]


class AuditAnswer(Body):
    entries: list[AuditAnswerEntry]

    @classmethod
    def of(cls, entries: Iterable[tuple[int, AuditEntry]]) -> "AuditAnswer":
        return cls(
            entries=[
                AuditAnswerEntry(
                    id=number,
                    at=one.at,
                    by=one.by,
                    action=one.action,
                    target=one.target,
                    detail=dict(one.detail),
                )
                for number, one in entries
            ]
        )


class ProblemAnswer(Body):
    """What went wrong; nothing was changed."""

    code: str
    message: str


class HealthAnswer(Body):
    status: str
