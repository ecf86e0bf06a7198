"""What a version of a variant makes of its contracts: a version of each."""

from collections.abc import Iterable
from dataclasses import replace

from plait_schema.delivery import digest_of
from plait_schema.registry.composing import Composed
from plait_schema.registry.model import Cause, ContractVariant, State, Variant, Version


def following(
    source: Version, contracts: Iterable[tuple[ContractVariant, Variant | None, Composed]]
) -> tuple[Version, ...]:
    """The next version of each contract, by what it is at and what the contract makes of the subgraphs.

    A contract that does not compose goes on serving what it serves; its source is not held up by it.
    """
    return tuple(
        replace(
            source,
            variant_id=contract.variant_id,
            number=(variant.latest if variant else 0) + 1,
            state=state_of(composed, variant.serving if variant else None),
            cause=Cause.CONTRACT,
            supergraph=digest_or_none(composed.composition.supergraph_sdl),
            api_schema=digest_or_none(composed.api_schema),
            findings=tuple(one.as_json() for one in composed.composition.diagnostics),
            source=source.number,
        )
        for contract, variant, composed in contracts
    )


def state_of(composed: Composed, serving: int | None) -> State:
    """What becomes of a version, where `serving` is what the variant serves so far."""
    if composed.composition.supergraph_sdl is not None:
        return State.COMPOSED
    return State.WAITING if serving is None else State.REFUSED


def digest_or_none(text: str | None) -> str | None:
    return None if text is None else digest_of(text)
