"""Why a plan has no compiled program: it is run by the reference interpreter, always."""

from enum import Enum


class Refusal(Enum):
    """What the compiler does not cover; the value is the name under which it is counted."""

    INTROSPECTION = "introspection"  # that depends on a variable
    ABSTRACT_TYPE = "abstract_type"  # whose objects are not asked for their type
    TOO_MANY_TYPES = "too_many_types"
    RENAME = "rename"  # of a field to a key that the same answer has for the same object
    ROOT_FIELDS_BELOW_ROOT = "root_fields_below_root"
    NOTHING_BRINGS_IT = "nothing_brings_it"
    INTERFACE_OBJECT = "interface_object"  # a fetch finds out of which type the objects are
    REPRESENTATION = "representation"
    CONTEXT = "context"
    NESTING = "nesting"
    CONDITIONS = "conditions"
    UNAUTHORIZED = "unauthorized"  # fields that the client may not see, and that are needed or not nullable
    DEFECT = "defect"  # of the compiler's own: the log has the plan and a traceback


class Refused(Exception):  # noqa: N818 - an answer about the plan, not a defect
    """Raised while compiling, and turned into its reason by `compile_program`."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason.value)
        self.reason = reason
