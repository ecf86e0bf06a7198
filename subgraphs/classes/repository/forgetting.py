"""What is left of students who are deleted: numbers, under an id that names nobody any more."""

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.classes.tables import credit_entry, enrollment


async def forget_student(connection: AsyncConnection, student_id: str) -> None:
    """Erase why a student's credit was adjusted: it may say that they were ill. That it was, by how much, by
    whom and when stays in the ledger, as does attendance: others' reports are made of them."""
    theirs = select(enrollment.c.id).where(enrollment.c.student_id == student_id)
    await connection.execute(
        update(credit_entry).where(credit_entry.c.enrollment_id.in_(theirs)).values(reason=None)
    )
