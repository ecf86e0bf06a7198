"""Which rows of students somebody may see, as `access.may_see` says for one."""

from typing import Any

from sqlalchemy import Column, ColumnElement, true

from subgraphs.kernel.application.request import RequestContext
from subgraphs.payments.access import is_staff


def may_be_seen(student_id: Column[Any], request: RequestContext) -> ColumnElement[bool]:
    """The condition on the column that says whose they are."""
    return true() if is_staff(request.actor) else student_id == request.actor_id
