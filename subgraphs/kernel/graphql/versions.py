"""Read your writes, as clients see it: `version` of a payload, `minVersion` of a query."""

from typing import Annotated, Final

import strawberry

from subgraphs.kernel.application.buses import QueryError
from subgraphs.kernel.application.version import Version
from subgraphs.kernel.domain import Failure, Success
from subgraphs.kernel.graphql.context import Info

MinVersion = Annotated[
    str | None,
    strawberry.argument(
        description="The version of a mutation's payload: the answer includes what that has led to, "
        "or is stale after a moment's wait."
    ),
]

STALE: Final = "Whether what `minVersion` asks for is still missing."


def _version(info: Info) -> str | None:
    """What this mutation has written: its payload is completed before the next one begins."""
    return str(info.context.version) if info.context.version is not None else None


@strawberry.type
class Versioned:
    """A payload whose mutation can be waited for."""

    version: str | None = strawberry.field(
        resolver=_version,
        description="For `minVersion` of later queries; null when there is nothing to wait for.",
    )


def parse_min_version(text: str | None) -> Version | None:
    """Read a `minVersion`; QueryError with INVALID_VERSION when it is none."""
    if text is None:
        return None
    match Version.parse(text):
        case Success(version):
            return version
        case Failure(error):
            raise QueryError(error)
