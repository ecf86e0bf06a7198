"""The tags of merged elements."""

from plait_schema.composition.merged import MergedElement
from plait_schema.federation import string_argument


def tags_of(element: MergedElement) -> frozenset[str]:
    """The names of the tags on the element itself."""
    return frozenset(
        name
        for directive in element.directives
        if directive.name.value == "tag" and (name := string_argument(directive, "name")) is not None
    )
