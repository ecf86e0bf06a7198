"""Why a compiled program gives an execution up to the reference interpreter."""

from enum import Enum


class Reason(Enum):
    """What a program met that it does not handle; the value is the name under which it is counted."""

    UNREACHABLE = "unreachable"
    STATUS = "status"
    NOT_JSON = "not_json"
    ERRORS = "errors"
    UNEXPECTED = "unexpected"  # not what was asked, at the first glance: a null, a type, a missing field
    ENTITIES = "entities"  # more of them, or fewer, than representations
    ENTITY_IS_NULL = "entity_is_null"  # and the client was promised a field of it
    KEY_IS_NULL = "key_is_null"
    DEFECT = "defect"  # of the compiler's own: the log has the fetch and a traceback
    PARTS_DIFFER = (
        "parts_differ"  # of an object that several fetches bring: one is null, or of another length
    )


class HandOver(Exception):  # noqa: N818 - an answer about the execution, not a defect
    """Raised inside of a program, and never out of one."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason
