"""Routes of variants: publish, delete, roll back, look."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import PlainTextResponse

from plait_schema.registry.errors import NOTHING_SERVED
from plait_schema.registry.http.access import VARIANT, Access, require, variant_of_path
from plait_schema.registry.http.numbers import Number
from plait_schema.registry.http.variant_bodies import NewContractBody, VariantAnswer, VariantsAnswer
from plait_schema.registry.http.version_bodies import (
    ChangeAnswer,
    DiffAnswer,
    HistoryAnswer,
    OutcomeAnswer,
    PublishBody,
    RollbackBody,
    VersionAnswer,
)
from plait_schema.registry.model import VariantId
from plait_schema.registry.registry import Registry
from plait_schema.registry.tokens import Permission, Token

_Target = Annotated[VariantId, Depends(variant_of_path)]


def variant_routes(registry: Registry, access: Access) -> APIRouter:
    routes = APIRouter(tags=["variants"])
    reader = Annotated[Token, Depends(access.to(Permission.READ))]
    publisher = Annotated[Token, Depends(access.to(Permission.PUBLISH))]
    anyone = Annotated[Token, Depends(access.any())]

    @routes.get("/api/variants")
    async def list_variants(token: anyone) -> VariantsAnswer:
        """The variants that the token may read."""
        found = [
            one for one in await registry.store.variants() if token.allows(Permission.READ, one.variant_id)
        ]
        contracts = await registry.contracts.all()
        return VariantsAnswer(
            variants=[VariantAnswer.of(one, contracts.get(one.variant_id)) for one in found]
        )

    @routes.get(VARIANT)
    async def show_variant(_: reader, variant_id: _Target) -> VariantAnswer:
        """What a variant is at."""
        variant = await registry.store.existing(variant_id)
        return VariantAnswer.of(variant, await registry.contracts.of(variant_id))

    @routes.put(f"{VARIANT}/contract")
    async def make_contract(token: publisher, variant_id: _Target, body: NewContractBody) -> OutcomeAnswer:
        """Let the variant show what a contract shows of another one, from now on."""
        contract = body.contract(variant_id)
        require(token, Permission.READ, contract.source)
        return OutcomeAnswer.of(await registry.make_contract(contract, by=token.name, dry_run=body.dry_run))

    @routes.delete(f"{VARIANT}/contract", status_code=204)
    async def end_contract(token: publisher, variant_id: _Target) -> None:
        """Let the contract be a variant like others: it no longer follows its source."""
        await registry.end_contract(variant_id, by=token.name)

    @routes.post(f"{VARIANT}/publish")
    async def publish(token: publisher, variant_id: _Target, body: PublishBody) -> OutcomeAnswer:
        """Publish subgraphs together. What is served changes only if the graph composes."""
        sources = [subgraph.source() for subgraph in body.subgraphs]
        return OutcomeAnswer.of(
            await registry.publish(
                variant_id, sources, by=token.name, origin=body.origin.origin(), dry_run=body.dry_run
            )
        )

    @routes.delete(f"{VARIANT}/subgraphs/{{name}}")
    async def delete(
        token: publisher,
        variant_id: _Target,
        name: str,
        dry_run: Annotated[bool, Query(alias="dryRun")] = False,
    ) -> OutcomeAnswer:
        """Take a subgraph out, if the others compose without it."""
        return OutcomeAnswer.of(await registry.delete(variant_id, [name], by=token.name, dry_run=dry_run))

    @routes.post(f"{VARIANT}/rollback")
    async def rollback(token: publisher, variant_id: _Target, body: RollbackBody) -> OutcomeAnswer:
        """Serve what an earlier version served, as a new version."""
        origin = body.origin.origin() if body.origin else None
        return OutcomeAnswer.of(await registry.rollback(variant_id, body.to, by=token.name, origin=origin))

    @routes.get(f"{VARIANT}/versions")
    async def history(
        _: reader,
        variant_id: _Target,
        before: Annotated[Number | None, Query(description="Versions before this number.")] = None,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
    ) -> HistoryAnswer:
        """The versions, the newest first."""
        await registry.store.existing(variant_id)
        found = await registry.store.history(variant_id, before=before, limit=limit)
        more = found[-1].number if len(found) == limit and found[-1].number > 1 else None
        return HistoryAnswer(versions=[VersionAnswer.of(one) for one in found], before=more)

    @routes.get(f"{VARIANT}/versions/{{number}}")
    async def show_version(_: reader, variant_id: _Target, number: Number) -> VersionAnswer:
        """One version, refused ones included, with what was found."""
        return VersionAnswer.of(await registry.store.version(variant_id, number))

    @routes.get(f"{VARIANT}/versions/{{number}}/supergraph.graphql", response_class=PlainTextResponse)
    async def supergraph_of(_: reader, variant_id: _Target, number: Number) -> str:
        """The supergraph SDL of a version that composed."""
        return await _text(registry, (await registry.store.version(variant_id, number)).supergraph)

    @routes.get(f"{VARIANT}/versions/{{number}}/api-schema.graphql", response_class=PlainTextResponse)
    async def api_schema_of(_: reader, variant_id: _Target, number: Number) -> str:
        """What clients see of a version that composed."""
        return await _text(registry, (await registry.store.version(variant_id, number)).api_schema)

    @routes.get(f"{VARIANT}/versions/{{number}}/subgraphs/{{name}}.graphql", response_class=PlainTextResponse)
    async def subgraph_of(_: reader, variant_id: _Target, number: Number, name: str) -> str:
        """The SDL of a subgraph as it was in a version."""
        return await registry.subgraph_sdl(variant_id, number, name)

    @routes.get(f"{VARIANT}/diff")
    async def differences(
        _: reader,
        variant_id: _Target,
        before: Annotated[Number, Query(alias="from")],
        after: Annotated[Number, Query(alias="to")],
    ) -> DiffAnswer:
        """What is different between two versions that composed: breaking changes first."""
        one = await registry.store.version(variant_id, before)
        other = await registry.store.version(variant_id, after)
        found = await registry.changes(one, other)
        return DiffAnswer(changes=[ChangeAnswer.of(change) for change in found])

    return routes


async def _text(registry: Registry, digest: str | None) -> str:
    if digest is None:
        raise NOTHING_SERVED.because("the version did not compose.")
    return await registry.store.text(digest)
