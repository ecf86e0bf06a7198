"""Whose card is charged when no other is named. There is at most one, known by the provider's token."""

from dataclasses import dataclass, replace

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import DomainError, Failure, Result, Success
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.payments.commands.naming import named_payer
from subgraphs.payments.domain.identifiers import StudentId
from subgraphs.payments.domain.values import Card
from subgraphs.payments.tables import card as card_table


@dataclass(frozen=True, slots=True)
class RegisterCard(Command[StudentId]):
    """Keep a card for what is booked later, in place of the one before.

    `customer` is whom the provider keeps it for: Stripe charges a card again only for a customer.
    """

    token: str
    customer: str | None = None
    student_id: str | None = None


@dataclass(frozen=True, slots=True)
class RemoveCard(Command[StudentId]):
    """Forget a student's card."""

    student_id: str | None = None


async def register_card(
    command: RegisterCard, work: UnitOfWork, request: RequestContext
) -> Result[StudentId, DomainError]:
    match await named_payer(command.student_id, work, request), Card.parse(command.token, command.customer):
        case (Failure() as failure, _):
            return failure
        case _, Failure(error=error):
            return Failure(replace(error, field="token"))
        case Success(value=student_id), Success(value=card):
            row = {"token": card.token, "customer": card.customer, "registered_at": work.now}
            statement = insert(card_table).values(student_id=str(student_id), **row)
            await work.connection.execute(
                statement.on_conflict_do_update(index_elements=[card_table.c.student_id], set_=row)
            )
            return Success(student_id)


async def remove_card(
    command: RemoveCard, work: UnitOfWork, request: RequestContext
) -> Result[StudentId, DomainError]:
    match await named_payer(command.student_id, work, request):
        case Failure() as failure:
            return failure
        case Success(value=student_id):
            await work.connection.execute(
                delete(card_table).where(card_table.c.student_id == str(student_id))
            )
            return Success(student_id)


async def find_card(connection: AsyncConnection, student_id: StudentId) -> Card | None:
    """The card that a student has registered."""
    query = select(card_table).where(card_table.c.student_id == str(student_id))
    row = (await connection.execute(query)).one_or_none()
    return Card(row.token, row.customer) if row else None
