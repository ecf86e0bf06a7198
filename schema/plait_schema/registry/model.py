"""What a registry holds: variants of graphs, and their versions, which never change."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from plait_schema.contract import Contract
from plait_schema.registry.errors import INVALID_NAME, INVALID_REQUEST

DEFAULT_VARIANT: Final = "current"
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")


@dataclass(frozen=True, slots=True, order=True)
class VariantId:
    """A graph in one of its environments, written `graph@variant`. Raises RegistryError (INVALID_NAME)."""

    graph: str
    variant: str = DEFAULT_VARIANT

    def __post_init__(self) -> None:
        for kind, name in (("graph", self.graph), ("variant", self.variant)):
            if not _NAME.fullmatch(name):
                raise INVALID_NAME.because(
                    f"{name[:80]!r} cannot name a {kind}: a letter, then at most 63 letters, digits, _ and -."
                )

    def __str__(self) -> str:
        return f"{self.graph}@{self.variant}"

    @classmethod
    def parse(cls, text: str) -> "VariantId":
        """From `graph@variant`, or `graph` for its variant `current`."""
        graph, _, variant = text.partition("@")
        return cls(graph, variant or DEFAULT_VARIANT)


class Cause(StrEnum):
    """What led to a version."""

    PUBLISH = "publish"
    DELETE = "delete"
    ROLLBACK = "rollback"
    CONTRACT = "contract"


class State(StrEnum):
    """What became of a version.

    WAITING is kept while the variant serves nothing yet: what comes next may make it compose. REFUSED is on
    record with its reasons, and changed nothing.
    """

    COMPOSED = "composed"
    WAITING = "waiting"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a change came from, as the publisher says."""

    author: str | None = None
    commit: str | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True, order=True)
class Part:
    """One subgraph of a version; `digest` addresses its SDL."""

    name: str
    routing_url: str
    digest: str


@dataclass(frozen=True, slots=True)
class Version:
    """One change of a variant and its result. Numbers count up from 1, refused changes included.

    `findings` are diagnostics in the form of `plait compose --format json`; `supergraph` and `api_schema` are
    digests; `by` is the name of the token; `source` is, of a contract, the version that it was made of.
    """

    variant_id: VariantId
    number: int
    state: State
    cause: Cause
    parts: tuple[Part, ...]
    supergraph: str | None
    api_schema: str | None
    findings: tuple[Mapping[str, Any], ...]
    origin: Origin
    by: str
    at: datetime
    source: int | None = None


@dataclass(frozen=True, slots=True)
class ContractVariant:
    """A variant that shows what a contract, of its name, shows of another one."""

    variant_id: VariantId
    source: VariantId
    contract: Contract

    @classmethod
    def of(
        cls,
        variant_id: VariantId,
        source: VariantId,
        include: frozenset[str],
        exclude: frozenset[str],
        *,
        hide_unreachable_types: bool,
    ) -> "ContractVariant":
        """RegistryError (INVALID_REQUEST) for one that shows everything, or contradicts itself."""
        if not (include or exclude or hide_unreachable_types):
            raise INVALID_REQUEST.because("the contract includes and excludes nothing.")
        if both := include & exclude:
            raise INVALID_REQUEST.because(f"the contract includes and excludes the tag {min(both)}.")
        contract = Contract(variant_id.variant, include, exclude, hide_unreachable_types)
        return cls(variant_id, source, contract)


@dataclass(frozen=True, slots=True)
class Variant:
    """Its newest version, refused or not; the one to build on (0: none); the one that is served."""

    variant_id: VariantId
    latest: int
    head: int
    serving: int | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a change did, or with a dry run would do. `changed` is false when there was nothing to change.

    `contracts` are the versions that the variant's contracts get with it.
    """

    version: Version
    serving: int | None
    changed: bool
    dry_run: bool = False
    contracts: tuple[Version, ...] = ()


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who did what to which variant or token, and when."""

    at: datetime
    by: str
    action: str
    target: str
    detail: Mapping[str, Any]
