"""A Strawberry federation schema that loads entities in batches.

Strawberry resolves one representation at a time, passes its raw fields as keyword arguments, and fails the
whole answer over one unknown type. Here an entity type has one class method for all of its representations
in a request:

    @classmethod
    async def resolve_references(
        cls, info: Info, keys: Sequence[Representation]
    ) -> Sequence[Self | None]: ...

It gets the representations as they came (camelCase: keys and required fields) and returns an entity, or
None where there is none that the client may see, for each in the same order: clients get null and the error
ENTITY_NOT_FOUND. Without I/O it need not be async. A type whose keys are all `resolvable: false` is a stub
of another subgraph's entity, and has none.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from inspect import isawaitable
from types import MappingProxyType
from typing import Any, Final, TypeAlias, cast

import strawberry
from graphql import GraphQLError, GraphQLFieldResolver, GraphQLResolveInfo, default_field_resolver
from strawberry.extensions import MaxTokensLimiter, ParserCache, ValidationCache
from strawberry.federation.schema import FederationAny
from strawberry.federation.schema_directives import Key
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.execution import ExecutionContext

from subgraphs.kernel.application.buses import QueryError
from subgraphs.kernel.domain import DomainError
from subgraphs.kernel.graphql.descriptions import describe
from subgraphs.kernel.graphql.instants import INSTANT
from subgraphs.kernel.telemetry.tracing import span

Representation: TypeAlias = Mapping[str, Any]

ENTITY_NOT_FOUND: Final = DomainError(
    "ENTITY_NOT_FOUND", "There is none of this id, or it is not yours to see"
)

FEDERATION_VERSION: Final = "2.9"  # what every open-source composer understands

_CACHED_DOCUMENTS = 500
_LARGEST_DOCUMENT_TOKENS = 10_000


class FederatedSchema(strawberry.federation.Schema):
    """TypeError when an entity type has no `resolve_references`, or `descriptions` are of nothing."""

    def __init__(
        self,
        *,
        query: type,
        mutation: type | None = None,
        types: Iterable[type] = (),
        descriptions: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        super().__init__(
            query=query,
            mutation=mutation,
            types=types,
            extensions=[
                lambda: MaxTokensLimiter(max_token_count=_LARGEST_DOCUMENT_TOKENS),
                lambda: ParserCache(maxsize=_CACHED_DOCUMENTS),
                lambda: ValidationCache(maxsize=_CACHED_DOCUMENTS),
            ],
            federation_version=FEDERATION_VERSION,
            scalar_overrides={datetime: INSTANT},
        )
        for name in sorted(self._entity_types()):
            if not hasattr(self._entity_types()[name], "resolve_references"):
                raise TypeError(
                    f"the entity type {name} needs a class method resolve_references; a stub that this "
                    "context adds nothing to has keys that are not resolvable"
                )

        describe(self._schema, descriptions)
        if mutation_type := self._schema.mutation_type:
            for field in mutation_type.fields.values():
                field.resolve = _entering(field.resolve or default_field_resolver)

    # Strawberry awaits what resolvers return; it only declares this one as synchronous.
    async def entities_resolver(  # type: ignore[override]
        self, info: strawberry.Info, representations: list[FederationAny]
    ) -> list[FederationAny]:
        """`Query._entities`: one call per type; null and an error for a representation that nobody knows.

        Without the error, whoever asks would have to take null for an answer that makes no sense.
        """
        entity_types = self._entity_types()
        by_type: dict[str, list[tuple[int, Representation]]] = defaultdict(list)
        results: list[Any] = [None] * len(representations)
        for index, representation in enumerate(representations):
            match representation:
                case {"__typename": str() as name} if name in entity_types:
                    by_type[name].append((index, cast(Representation, representation)))
                case {"__typename": str() as name}:
                    results[index] = GraphQLError(f"{name} is not an entity of this subgraph")
                case _:
                    results[index] = GraphQLError("A representation needs a __typename")
        batches = await asyncio.gather(
            *(
                _resolve(entity_types[name], info, [representation for _, representation in indexed])
                for name, indexed in by_type.items()
            ),
            return_exceptions=True,  # a type that fails takes no other with it
        )
        for indexed, batch in zip(by_type.values(), batches, strict=True):
            entities = [batch] * len(indexed) if isinstance(batch, BaseException) else batch
            for (index, _), entity in zip(indexed, entities, strict=True):
                results[index] = QueryError(ENTITY_NOT_FOUND) if entity is None else entity
        return results

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Nothing: they are logged where the response is made (kernel/graphql/errors.py)."""

    def _entity_types(self) -> dict[str, Any]:
        return {
            name: concrete.definition.origin
            for name, concrete in self.schema_converter.type_map.items()
            if isinstance(concrete.definition, StrawberryObjectDefinition)
            and any(
                isinstance(directive, Key) and directive.resolvable is not False
                for directive in concrete.definition.directives or ()
            )
        }


def _entering(resolve: GraphQLFieldResolver) -> GraphQLFieldResolver:
    """Resolve a field of the mutation type, having told the context which one it is."""

    async def entered(source: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        info.context.enter(str(info.path.key))
        with span(f"mutation {info.field_name}"):
            result = resolve(source, info, **arguments)
            return await result if isawaitable(result) else result

    return entered


async def _resolve(entity_type: Any, info: strawberry.Info, keys: Sequence[Representation]) -> Sequence[Any]:
    entities = entity_type.resolve_references(info, keys)
    return cast(Sequence[Any], await entities if isawaitable(entities) else entities)
