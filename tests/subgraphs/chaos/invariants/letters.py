"""Given up is what nobody can handle, and nothing else."""

import json

from tests.subgraphs.chaos.invariants.finding import Case, Finding
from tests.subgraphs.chaos.notes import DIGEST, JOURNAL, Deed, Said, Say
from tests.subgraphs.chaos.plan import wish


async def dead_letters_are_the_poison(case: Case) -> Finding:
    """In the journal whatever does harm; in the digest what raises, which holds up nobody there."""
    expected: set[tuple[str, str, str]] = set()
    for producer, last in case.answered.items():
        for number in range(last + 1):
            match wish(case.seed, producer, number):
                case Say(topic=topic, deed=Deed.RAISE):
                    expected |= {(JOURNAL.consumer, "dead", topic), (DIGEST.consumer, "parked", topic)}
                case Say(topic=topic, deed=deed) if deed is not Deed.NOTHING:
                    expected.add((JOURNAL.consumer, "dead", topic))
                case _:
                    pass
    rows = await case.rows(
        "SELECT consumer, status, key, type, data, last_error FROM kernel_delivery "
        "WHERE status IN ('dead', 'parked')"
    )
    found = {(row.consumer, row.status, row.key) for row in rows}
    innocent = [
        f"{row.type} {row.key} died in {row.consumer}: {row.last_error}"
        for row in rows
        if row.type != Said.type or json.loads(row.data)["deed"] == Deed.NOTHING
    ]
    violations = [
        *innocent,
        *(f"{key} should be {status} in {consumer}" for consumer, status, key in sorted(expected - found)),
        *(f"{key} is {status} in {consumer}" for consumer, status, key in sorted(found - expected)),
        *([f"{len(rows)} are dead for {len(found)}"] if len(rows) != len(found) else ()),
    ]
    return Finding.of("dead letters = poison", violations, poison=len(expected), dead=len(rows))


async def everything_is_handled(case: Case) -> Finding:
    """But what waits behind something dead of its key, which is nothing but the poison's companions."""
    rows = await case.rows(
        "SELECT d.id, d.consumer, d.key, d.type, d.status, d.due, d.attempts, EXISTS (SELECT 1 FROM "
        "kernel_delivery AS b WHERE b.consumer = d.consumer AND b.key = d.key AND b.id < d.id AND "
        "b.status = 'dead') AS is_blocked FROM kernel_delivery AS d "
        "WHERE d.status IN ('ready', 'timed', 'leased', 'blocked')"
    )
    waiting = [row for row in rows if not row.is_blocked]
    blocked = len(rows) - len(waiting)
    dead = await case.count("SELECT count(*) FROM kernel_delivery WHERE status = 'dead'")
    violations = [
        f"delivery {row.id} ({row.type} of {row.key} for {row.consumer}) is {row.status}, due {row.due}, "
        f"after {row.attempts} attempts"
        for row in waiting
    ]
    if blocked != dead:
        violations.append(f"{blocked} wait behind {dead} dead ones, one each should")
    deliveries = await case.count("SELECT count(*) FROM kernel_delivery")
    return Finding.of(
        "everything is handled", violations, deliveries=deliveries, waiting=len(waiting), blocked=blocked
    )
