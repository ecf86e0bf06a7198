"""Users and courses, as far as there are classes of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import strawberry

from subgraphs.classes.access import is_staff
from subgraphs.classes.api.classes import Class
from subgraphs.classes.queries.classes import ClassesOf, ClassView, Owner
from subgraphs.kernel.domain import Slice, SliceRequest
from subgraphs.kernel.graphql.connections import SIZED_BY_FIRST, After, Connection, First, slice_request
from subgraphs.kernel.graphql.context import GraphQLContext, Info
from subgraphs.kernel.graphql.schema import Representation


@strawberry.federation.type(keys=["id"])
class Course:
    id: strawberry.ID

    @strawberry.federation.field(
        tags=["public"],
        directives=[SIZED_BY_FIRST],
        description="The classes that teach it and that you may see, the newest first.",
    )
    async def classes(self, info: Info, first: First = 20, after: After = None) -> Connection[Class] | None:
        return await _load(info, Owner.COURSE, str(self.id), first, after)

    @classmethod
    def resolve_references(cls, _info: Info, keys: Sequence[Representation]) -> "Sequence[Course]":
        """Learning knows which courses there are."""
        return [cls(id=strawberry.ID(str(key.get("id")))) for key in keys]


@strawberry.federation.type(keys=["id"])
class User:
    id: strawberry.ID

    @strawberry.federation.field(
        authenticated=True,
        tags=["personal-data"],
        directives=[SIZED_BY_FIRST],
        description="The classes that they take, the newest first; for themselves and the staff.",
    )
    async def classes(self, info: Info, first: First = 20, after: After = None) -> Connection[Class] | None:
        actor = info.context.actor
        if not is_staff(actor) and (actor is None or actor.id != str(self.id)):
            return None
        return await _load(info, Owner.STUDENT, str(self.id), first, after)

    @strawberry.federation.field(
        tags=["public"],
        directives=[SIZED_BY_FIRST],
        description="The classes that they teach and that you may see, the newest first.",
    )
    async def classes_taught(
        self, info: Info, first: First = 20, after: After = None
    ) -> Connection[Class] | None:
        return await _load(info, Owner.INSTRUCTOR, str(self.id), first, after)

    @classmethod
    def resolve_references(cls, _info: Info, keys: Sequence[Representation]) -> "Sequence[User]":
        """Whoever has an id may have classes: identity alone knows who exists."""
        return [cls(id=strawberry.ID(str(key.get("id")))) for key in keys]


@dataclass(frozen=True, slots=True)
class _ClassesOf:
    """A key of the loader: whose, and which part."""

    owner: Owner
    id: str
    part: SliceRequest


async def _load(info: Info, owner: Owner, id_: str, first: int, after: str | None) -> Connection[Class]:
    found = await info.context.load(_ClassesOf(owner, id_, slice_request(first, after)), _load_classes_of)
    return Connection.of(found, Class.of)


async def _load_classes_of(context: GraphQLContext, keys: list[_ClassesOf]) -> list[Slice[ClassView]]:
    found = {}
    for owner, part in dict.fromkeys((key.owner, key.part) for key in keys):
        ids = tuple(key.id for key in keys if (key.owner, key.part) == (owner, part))
        found[owner, part] = await context.ask(ClassesOf(owner, ids, part))
    return [found[key.owner, key.part][key.id] for key in keys]
