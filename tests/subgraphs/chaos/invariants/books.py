"""Money moves, and stays the same; what is derived from events is what the events say."""

from collections import Counter

from sqlalchemy import select

from subgraphs.kernel.projections.generations import live_tables
from tests.subgraphs.chaos.invariants.finding import Case, Finding
from tests.subgraphs.chaos.market import ACCOUNTS, BANK, READ_MODEL, WEALTH
from tests.subgraphs.kernel.balances import balance, journal
from tests.subgraphs.kernel.bank import Account, AccountId, Deposited
from tests.subgraphs.kernel.shop import PRICE

_STREAM = f"{Account.stored_as}-"


async def money_is_conserved(case: Case) -> Finding:
    """What customers have less, the shop has more: the price of what is sold."""
    money = {row.owner: row.money for row in await case.rows("SELECT owner, money FROM shop_purse")}
    taken = await case.count("SELECT sum(amount) FROM shop_payment")
    sold = await case.count("SELECT count(*) FROM kernel_saga WHERE status = 'COMPLETED'")
    violations = []
    if sum(money.values()) != WEALTH:
        violations.append(f"{money} make not {WEALTH}")
    if not money["shop"] == taken == sold * PRICE:
        violations.append(f"the shop has {money['shop']}, took {taken}, and sold for {sold * PRICE}")
    return Finding.of("money", violations, customers=money["customers"], shop=money["shop"], sold=sold)


async def books_balance(case: Case) -> Finding:
    """Each order is in the books once, where it belongs."""
    entries = Counter(account.split()[0] for account, _ in await _history(case))
    orders = await case.count("SELECT count(*) FROM kernel_saga")
    sold = await case.count("SELECT count(*) FROM kernel_saga WHERE status = 'COMPLETED'")
    violations = []
    if (entries["takings"], entries["losses"]) != (sold, orders - sold):
        violations.append(f"{dict(entries)} for {orders} orders, {sold} of them sold")
    return Finding.of("books", violations, entries=entries.total(), orders=orders)


async def read_model_is_the_fold(case: Case) -> Finding:
    """Of the log, event by event, whatever was built anew; and so are the aggregates, snapshot or not."""
    history = await _history(case)
    tables = await live_tables(case.connection, READ_MODEL)
    lines = await case.connection.scalars(select(tables[journal].c.line).order_by(tables[journal].c.pos))
    told = [line.removeprefix(_STREAM) for line in lines]
    violations = (
        []
        if told == [f"{account} {amount}" for account, amount in history]
        else [f"the read model tells of {len(told)} events, the log of {len(history)}, or in another order"]
    )
    read = {
        row.account.removeprefix(_STREAM): row.amount
        for row in await case.connection.execute(select(tables[balance]))
    }
    folded: Counter[str] = Counter()
    for account, amount in history:
        folded[account] += amount
    for account in sorted({*read, *folded}):
        aggregate = await ACCOUNTS.find(case.connection, AccountId(account))
        held = aggregate.balance.amount_minor if aggregate else 0
        if not folded[account] == held == read.get(account, 0):
            violations.append(
                f"{account}: events make {folded[account]}, the aggregate has {held}, the read model "
                f"{read.get(account, 0)}"
            )
    built = await case.count("SELECT count(*) FROM kernel_projection")
    return Finding.of("read model = fold of the log", violations, events=len(history), generations=built)


async def _history(case: Case) -> list[tuple[str, int]]:
    """The account and the amount of every event, in the order of the log."""
    stored = await case.count("SELECT count(*) FROM kernel_event")
    logged = await BANK.read_log(case.connection, limit=stored + 1)
    return [
        (one.stream.removeprefix(_STREAM), one.recorded.event.amount.amount_minor)
        for one in logged
        if isinstance(one.recorded.event, Deposited)
    ]
