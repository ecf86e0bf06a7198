"""What requests and answers about variants and contracts look like."""

from datetime import datetime

from pydantic import Field

from plait_schema.registry.http.bodies import Body, Line
from plait_schema.registry.model import ContractVariant, Variant, VariantId


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
