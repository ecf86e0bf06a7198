"""Nobody is told what was true once."""

from tests.subgraphs.chaos.invariants.finding import Case, Finding


async def caches_tell_the_truth(case: Case) -> Finding:
    """Once all that has happened was forgotten by them, whatever became of their Redis."""
    rows = await case.rows("SELECT topic, notes FROM market_topic")
    violations = (
        f"{row.topic}: {case.cached.get(row.topic)} are told of, {row.notes} were said"
        for row in rows
        if case.cached.get(row.topic) != row.notes
    )
    return Finding.of("caches tell the truth", violations, topics=len(rows))
