"""Versions and variants as rows of tables, and back."""

from plait_schema.registry.model import Cause, Origin, Part, State, Variant, VariantId, Version
from plait_schema.registry.store.tables import Row


def row_of_version(version: Version) -> Row:
    origin = version.origin
    return {
        "graph": version.variant_id.graph,
        "variant": version.variant_id.variant,
        "number": version.number,
        "state": str(version.state),
        "cause": str(version.cause),
        "parts": [
            {"name": part.name, "routing_url": part.routing_url, "digest": part.digest}
            for part in version.parts
        ],
        "supergraph": version.supergraph,
        "api_schema": version.api_schema,
        "findings": list(version.findings),
        "origin": {"author": origin.author, "commit": origin.commit, "message": origin.message},
        "by": version.by,
        "at": version.at,
        "source": version.source,
    }


def version_of_row(row: Row) -> Version:
    return Version(
        variant_id=VariantId(row["graph"], row["variant"]),
        number=row["number"],
        state=State(row["state"]),
        cause=Cause(row["cause"]),
        parts=tuple(Part(**part) for part in row["parts"]),
        supergraph=row["supergraph"],
        api_schema=row["api_schema"],
        findings=tuple(row["findings"]),
        origin=Origin(**row["origin"]),
        by=row["by"],
        at=row["at"],
        source=row["source"],
    )


def variant_of_row(row: Row) -> Variant:
    variant_id = VariantId(row["graph"], row["variant"])
    return Variant(variant_id, row["latest"], row["head"], row["serving"], row["created_at"])
