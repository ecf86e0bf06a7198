"""A log has no gaps, and keeps the order of what it is made of."""

from tests.subgraphs.chaos.invariants.finding import Case, Finding

_LOGS = ("kernel_outbox", "kernel_event")


async def logs_are_dense(case: Case) -> Finding:
    """Each source counts 1, 2, 3, ... and every row is counted."""
    violations: list[str] = []
    numbers: dict[str, int] = {}
    for log in _LOGS:
        rows = await case.rows(
            f"SELECT source, count(*) AS rows_, count(seq) AS numbered, count(DISTINCT seq) AS different, "
            f"min(seq) AS first, max(seq) AS last FROM {log} GROUP BY source"
        )
        violations += [
            f"{log} of {row.source}: {row.rows_} rows, {row.numbered} numbered, "
            f"{row.different} numbers from {row.first} to {row.last}"
            for row in rows
            if not row.rows_ == row.numbered == row.different == row.last or row.first != 1
        ]
        numbers[log.removeprefix("kernel_")] = sum(row.rows_ for row in rows)
    return Finding.of("logs are dense", violations, **numbers)


async def streams_are_in_order(case: Case) -> Finding:
    """Versions 1, 2, 3, ... of a stream, and the messages of a key, come in that order in their log."""
    versions = await case.rows(
        "SELECT stream, version, earlier FROM (SELECT stream, version, lag(version, 1, 0) OVER (PARTITION BY "
        "stream ORDER BY seq) AS earlier FROM kernel_event) AS logged WHERE version <> earlier + 1"
    )
    keys = await case.rows(
        "SELECT source, key, pos, earlier FROM (SELECT source, key, pos, lag(pos) OVER (PARTITION BY source, "
        "key ORDER BY seq) AS earlier FROM kernel_outbox) AS logged WHERE earlier > pos"
    )
    violations = [
        *(f"{row.stream}: {row.version} comes after {row.earlier}" for row in versions),
        *(f"{row.key} of {row.source}: row {row.pos} comes after {row.earlier}" for row in keys),
    ]
    streams = await case.count("SELECT count(DISTINCT stream) FROM kernel_event")
    return Finding.of("streams are in order", violations, streams=streams)
