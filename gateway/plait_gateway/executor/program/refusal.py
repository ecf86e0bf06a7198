"""Why a plan has no compiled program: it is run by the reference interpreter, always."""

from enum import Enum


class Refusal(Enum):
    """What the compiler does not cover; the value is the name under which it is counted."""

    MUTATION = "mutation"
    NO_FETCH = "no_fetch"
    INTROSPECTION = "introspection"
    ABSTRACT_TYPE = "abstract_type"  # whose objects are not asked for their type
    SEVERAL_TYPES = "several_types"  # a fetch goes on from objects of several types, or in several places
    TOO_MANY_TYPES = "too_many_types"
    RENAME = "rename"
    ROOT_FIELDS_BELOW_ROOT = "root_fields_below_root"
    MERGED_OBJECTS = "merged_objects"
    NOTHING_BRINGS_IT = "nothing_brings_it"
    REPRESENTATION = "representation"
    CONTEXT = "context"
    NESTING = "nesting"
    CONDITIONS = "conditions"


class Refused(Exception):  # noqa: N818 - an answer about the plan, not a defect
    """Raised while compiling, and turned into its reason by `compile_program`."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason.value)
        self.reason = reason
