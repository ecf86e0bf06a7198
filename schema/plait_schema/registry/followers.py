"""The contracts of variants: which there are, which may be made, and what they get with a version."""

from collections.abc import Sequence

from plait_schema.registry.composing import Composed
from plait_schema.registry.errors import CONTRACT_CONFLICT
from plait_schema.registry.following import following
from plait_schema.registry.model import ContractVariant, State, Variant, VariantId, Version
from plait_schema.registry.store import ContractStore, VersionStore


class Followers:
    """Of the variants of a store. Methods raise RegistryError."""

    def __init__(self, store: VersionStore, contracts: ContractStore) -> None:
        self._store = store
        self._contracts = contracts

    async def following(
        self, version: Version, contracts: Sequence[ContractVariant], composed: Sequence[Composed]
    ) -> tuple[Version, ...]:
        """The versions that contracts get with one of their source: none, unless that composed."""
        if version.state is not State.COMPOSED:
            return ()
        at = [await self._store.variant(one.variant_id) for one in contracts]
        return following(version, zip(contracts, at, composed, strict=True))

    async def to_become(self, contract: ContractVariant) -> Variant | None:
        """What is to become a contract, None where it is new. Raises CONTRACT_CONFLICT."""
        variant_id = contract.variant_id
        if variant_id == contract.source or variant_id.graph != contract.source.graph:
            raise CONTRACT_CONFLICT.because("a contract is of another variant of the same graph.")
        if await self._contracts.with_source(variant_id):
            raise CONTRACT_CONFLICT.because(f"{variant_id} has contracts itself.")
        variant, known = await self._store.variant(variant_id), await self._contracts.of(variant_id)
        if variant is not None and known is None:
            raise CONTRACT_CONFLICT.because(f"{variant_id} has subgraphs of its own.")
        return variant

    async def refuse_contract(self, variant_id: VariantId) -> None:
        """Raises CONTRACT_CONFLICT for a variant that takes its versions from its source."""
        if (contract := await self._contracts.of(variant_id)) is not None:
            raise CONTRACT_CONFLICT.because(f"{variant_id} is a contract of {contract.source}: change that.")
