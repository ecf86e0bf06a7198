"""Tags that a contract names and nothing has: mostly misspelt ones."""

from collections.abc import Iterator
from difflib import get_close_matches

from plait_schema.composition.contracts.tags import tags_of
from plait_schema.composition.merge import MergedSchema
from plait_schema.contract import Contract
from plait_schema.diagnostics import CONTRACT_TAG_UNKNOWN, Diagnostic


def unknown_tags(merged: MergedSchema, contract: Contract) -> Iterator[Diagnostic]:
    """An included tag that nothing has shows nothing, an excluded one hides nothing."""
    known = sorted(frozenset[str]().union(*(tags_of(element) for element in merged.elements())))
    for verb, tags in (("includes", contract.include), ("excludes", contract.exclude)):
        for tag in sorted(tags.difference(known)):
            similar = get_close_matches(tag, known, n=1)
            yield CONTRACT_TAG_UNKNOWN.at(
                None,
                f'The contract "{contract.name}" {verb} the tag "{tag}", which nothing in the graph has.',
                fix=f'Did you mean "{similar[0]}"?' if similar else None,
            )
