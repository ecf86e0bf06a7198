"""Routes that gateways ask: the supergraph that a variant serves."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse

from plait_schema.delivery import Artifact
from plait_schema.registry.http.access import VARIANT, Access, variant_of_path
from plait_schema.registry.http.bodies import Body
from plait_schema.registry.model import VariantId
from plait_schema.registry.registry import Registry
from plait_schema.registry.tokens import Permission, Token

_LONGEST_WAIT = 60.0  # seconds: longer than that, proxies give up


class ArtifactAnswer(Body):
    """A supergraph as gateways keep it. The signature is Ed25519 over graph, version and digest."""

    graph: str
    version: int
    digest: str
    signature: str | None
    supergraph: str


def delivery_routes(registry: Registry, access: Access) -> APIRouter:
    routes = APIRouter(tags=["delivery"])
    reader = Annotated[Token, Depends(access.to(Permission.READ))]
    target = Annotated[VariantId, Depends(variant_of_path)]
    known = Annotated[str | None, Header(alias="if-none-match")]
    wait = Annotated[
        float,
        Query(
            ge=0, le=_LONGEST_WAIT, description="Seconds to wait for another one than if-none-match names."
        ),
    ]

    @routes.get(f"{VARIANT}/supergraph", response_model=ArtifactAnswer, responses={304: {}})
    async def supergraph(_: reader, variant_id: target, etag: known = None, wait: wait = 0) -> Response:
        """The artifact that is served: the supergraph with version, digest and signature."""
        artifact = await registry.delivery.served_beyond(variant_id, etag, wait=wait)
        return JSONResponse(artifact.as_json(), headers=_headers(artifact)) if artifact else _same(etag)

    @routes.get(f"{VARIANT}/supergraph.graphql", response_class=PlainTextResponse, responses={304: {}})
    async def supergraph_sdl(_: reader, variant_id: target, etag: known = None, wait: wait = 0) -> Response:
        """The supergraph SDL that is served, as other routers take it."""
        artifact = await registry.delivery.served_beyond(variant_id, etag, wait=wait)
        if artifact is None:
            return _same(etag)
        return PlainTextResponse(artifact.supergraph_sdl, headers=_headers(artifact))

    @routes.get("/api/signing-key", response_class=PlainTextResponse)
    async def signing_key(_: Request) -> str:
        """The public key of the artifacts' signatures (Ed25519, PEM). Pin it: do not fetch it each time."""
        return registry.delivery.public_key.pem.decode()

    return routes


def _headers(artifact: Artifact) -> dict[str, str]:
    return {
        "etag": artifact.etag,
        "x-plait-version": str(artifact.version),
        "x-plait-digest": artifact.digest,
        "x-plait-signature": artifact.signature or "",
        "cache-control": "private, no-cache",
    }


def _same(etag: str | None) -> Response:
    return Response(status_code=304, headers={"etag": etag or ""})
