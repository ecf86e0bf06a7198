"""What is left of students who are deleted: nothing of what they have handed in."""

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.assessment.tables import feedback, participant, submission


async def forget_student(connection: AsyncConnection, student_id: str) -> None:
    """Erase a student's submissions, with their grades and all that was said about them. They take part in
    nothing any more, so nothing new comes."""
    theirs = select(submission.c.id).where(submission.c.student_id == student_id)
    await connection.execute(delete(feedback).where(feedback.c.submission_id.in_(theirs)))
    await connection.execute(delete(submission).where(submission.c.student_id == student_id))
    await connection.execute(delete(participant).where(participant.c.student_id == student_id))
