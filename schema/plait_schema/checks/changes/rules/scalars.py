"""Where scalars say they are specified (`@specifiedBy`)."""

from collections.abc import Iterator

from graphql import is_scalar_type

from plait_schema.checks.changes.change import Change
from plait_schema.checks.changes.comparison import Comparison
from plait_schema.diagnostics import SPECIFIED_BY_ADDED, SPECIFIED_BY_CHANGED


def specifications(compared: Comparison) -> Iterator[Change]:
    """Another specification means other values, most likely; one where there was none changes nothing."""
    for name, old, new in compared.types:
        if not is_scalar_type(old) or old.specified_by_url == new.specified_by_url:
            continue
        before, after = old.specified_by_url, new.specified_by_url
        if before is None:
            message = f"The scalar {name} is specified by {after} now."
            yield compared.change(SPECIFIED_BY_ADDED, name, message, after=after)
        else:
            message = f"The scalar {name} was specified by {before}, and now by {after or 'nothing'}."
            yield compared.change(SPECIFIED_BY_CHANGED, name, message, before=before, after=after)
