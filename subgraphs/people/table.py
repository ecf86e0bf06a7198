"""People whom a context has heard of. Who is gone stays in it, so that no late answer brings them back."""

from dataclasses import dataclass

from sqlalchemy import Boolean, Column, MetaData, String, Table, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.contracts.identity import STAFF_ROLES, Role
from subgraphs.kernel.application.request import SYSTEM, RequestContext


@dataclass(frozen=True, slots=True)
class Person:
    """A user of whom identity has told; `role` is the last one that it has told of."""

    id: str
    role: Role
    is_gone: bool = False


def person_table(context: str, metadata: MetaData) -> Table:
    """The table of a context."""
    return Table(
        f"{context}_person",
        metadata,
        Column("user_id", String(36), primary_key=True),
        Column("role", String(16), nullable=False),
        Column("is_gone", Boolean, nullable=False),
    )


async def find_person(connection: AsyncConnection, table: Table, user_id: str) -> Person | None:
    row = (await connection.execute(select(table).where(table.c.user_id == user_id))).one_or_none()
    return Person(row.user_id, Role(row.role), row.is_gone) if row else None


async def is_there(connection: AsyncConnection, table: Table, user_id: str, request: RequestContext) -> bool:
    """Whether somebody has this id: who acts has, and whom other contexts name."""
    if request.actor_id in (user_id, SYSTEM.id):
        return True
    found = await find_person(connection, table, user_id)
    return found is not None and not found.is_gone


async def is_tutor(connection: AsyncConnection, table: Table, user_id: str, request: RequestContext) -> bool:
    """Whether somebody who may teach has this id: a tutor, or one of the staff; as `is_there`."""
    if request.actor_id in (user_id, SYSTEM.id):
        return True
    found = await find_person(connection, table, user_id)
    return found is not None and not found.is_gone and found.role in (Role.TUTOR, *STAFF_ROLES)


async def meet(connection: AsyncConnection, table: Table, person: Person) -> None:
    """Note somebody of whom nothing is known yet. What is known is newer, or will be."""
    await connection.execute(insert(table).values(_row(person)).on_conflict_do_nothing())


async def note(connection: AsyncConnection, table: Table, person: Person) -> None:
    """Note what somebody is from now on. Who is gone stays gone."""
    new = insert(table).values(_row(person))
    await connection.execute(
        new.on_conflict_do_update(
            index_elements=[table.c.user_id],
            set_={"role": new.excluded.role, "is_gone": new.excluded.is_gone},
            where=table.c.is_gone.is_(False),
        )
    )


def _row(person: Person) -> dict[str, object]:
    return {"user_id": person.id, "role": person.role, "is_gone": person.is_gone}
