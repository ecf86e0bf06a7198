"""Every message reaches everybody it is for, once, in the order of its key."""

from tests.subgraphs.chaos.invariants.finding import Case, Finding


async def no_message_is_lost(case: Case) -> Finding:
    """What was published has come to each consumer."""
    lost: list[str] = []
    for one in case.subscriptions:
        rows = await case.rows(
            "SELECT message_id FROM kernel_outbox AS o WHERE type = :type AND NOT EXISTS (SELECT 1 FROM "
            "kernel_delivery AS d WHERE d.consumer = :consumer AND d.message_id = o.message_id)",
            type=one.event.type,
            consumer=one.consumer,
        )
        lost += [f"{row.message_id} ({one.event.type}) never came to {one.consumer}" for row in rows]
    published = await case.count("SELECT count(*) FROM kernel_outbox")
    delivered = await case.count("SELECT count(*) FROM kernel_delivery")
    return Finding.of("no lost message", lost, published=published, deliveries=delivered)


async def one_effect_per_message(case: Case) -> Finding:
    """Done once where it says done, not at all elsewhere."""
    twice = await case.rows(
        "SELECT consumer, message_id, count(*) AS times FROM market_receipt "
        "GROUP BY consumer, message_id HAVING count(*) > 1"
    )
    undone = await case.rows(
        "SELECT consumer, message_id FROM kernel_delivery AS d WHERE status = 'done' AND NOT EXISTS "
        "(SELECT 1 FROM market_receipt AS r WHERE r.message_id = d.message_id AND r.consumer = d.consumer)"
    )
    unmarked = await case.rows(
        "SELECT consumer, message_id FROM market_receipt AS r WHERE NOT EXISTS (SELECT 1 FROM "
        "kernel_delivery AS d "
        "WHERE d.message_id = r.message_id AND d.consumer = r.consumer AND d.status = 'done')"
    )
    violations = [
        *(f"{row.message_id} took effect {row.times} times in {row.consumer}" for row in twice),
        *(f"{row.message_id} is done and had no effect in {row.consumer}" for row in undone),
        *(f"{row.message_id} is not done and had an effect in {row.consumer}" for row in unmarked),
    ]
    handled = await case.count("SELECT count(*) FROM kernel_delivery WHERE status = 'done'")
    effects = await case.count("SELECT count(*) FROM market_receipt")
    return Finding.of("one effect per message", violations, handled=handled, effects=effects)


async def keys_are_in_order(case: Case) -> Finding:
    """A consumer handles what has one key as it was committed; timers come when they are due."""
    rows = await case.rows(
        "SELECT consumer, key, id, earlier FROM (SELECT r.consumer, r.key, d.id, lag(d.id) OVER (PARTITION "
        "BY r.consumer, r.key ORDER BY r.pos) AS earlier FROM market_receipt AS r JOIN kernel_delivery AS d "
        "ON d.consumer = r.consumer AND d.message_id = r.message_id WHERE NOT r.is_timer) AS handled "
        "WHERE earlier > id"
    )
    violations = (
        f"{row.consumer} handled delivery {row.earlier} of {row.key} before {row.id}" for row in rows
    )
    keys = await case.count(
        "SELECT count(*) FROM (SELECT DISTINCT consumer, key FROM market_receipt WHERE NOT is_timer) AS k"
    )
    return Finding.of("order within a key", violations, keys=keys)


async def notes_are_read_as_said(case: Case) -> Finding:
    """From a producer's mouth to a consumer's table: what was said first is read first, and once."""
    rows = await case.rows(
        "SELECT topic, number, earlier FROM (SELECT topic, number, lag(number) OVER (PARTITION BY topic "
        "ORDER BY pos) AS earlier FROM market_note) AS read WHERE earlier >= number"
    )
    violations = (f"{row.topic}: {row.earlier} was read before {row.number}" for row in rows)
    notes = await case.count("SELECT count(*) FROM market_note")
    return Finding.of("notes in order", violations, notes=notes)
