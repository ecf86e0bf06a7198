"""Whoever got an answer can rely on it."""

from tests.subgraphs.chaos.invariants.finding import Case, Finding
from tests.subgraphs.chaos.plan import key_of, wish
from tests.subgraphs.kernel.shop import PlaceOrder


async def no_command_is_lost(case: Case) -> Finding:
    """What was answered is done, and nothing is done that nobody can have wanted."""
    done = {row.command for row in await case.rows("SELECT DISTINCT command FROM market_carried_out")}
    answered = {key_of(producer, n) for producer, last in case.answered.items() for n in range(last + 1)}
    in_flight = {key_of(producer, last + 1) for producer, last in case.answered.items()}
    ordered = {
        key_of(producer, n)
        for producer, last in case.answered.items()
        for n in range(last + 1)
        if isinstance(wish(case.seed, producer, n), PlaceOrder)
    }
    sagas = {row.corr_key for row in await case.rows("SELECT corr_key FROM kernel_saga")}
    violations = [
        *(f"{key} was answered and is not done" for key in sorted(answered - done)),
        *(f"{key} was ordered and has no saga" for key in sorted(ordered - sagas)),
        *(f"{key} is done and was never asked for" for key in sorted(done - answered - in_flight)),
    ]
    return Finding.of("no lost command", violations, answered=len(answered), done=len(done))


async def one_effect_per_key(case: Case) -> Finding:
    """However often something was asked for under one key."""
    twice = await case.rows(
        "SELECT command, count(*) AS times FROM market_carried_out GROUP BY command HAVING count(*) > 1"
    )
    keys = await case.count("SELECT count(DISTINCT command) FROM market_carried_out")
    effects = await case.count("SELECT count(*) FROM market_carried_out")
    violations = (f"{row.command} was carried out {row.times} times" for row in twice)
    return Finding.of("one effect per idempotency key", violations, keys=keys, effects=effects)
