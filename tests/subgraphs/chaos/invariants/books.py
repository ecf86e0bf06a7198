"""Money moves, and stays the same; what is derived from events is what the events say."""

from tests.subgraphs.chaos.invariants.finding import Case, Finding
from tests.subgraphs.chaos.market import ACCOUNTS, BANK, WEALTH
from tests.subgraphs.kernel.bank import Account, AccountId, Deposited
from tests.subgraphs.kernel.shop import PRICE


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
    """Each order is in the books once."""
    booked = await case.rows("SELECT account, money FROM market_balance")
    entries = sum(row.money for row in booked) // PRICE
    takings = sum(row.money for row in booked if row.account.startswith("takings")) // PRICE
    orders = await case.count("SELECT count(*) FROM kernel_saga")
    sold = await case.count("SELECT count(*) FROM kernel_saga WHERE status = 'COMPLETED'")
    violations = []
    if (entries, takings) != (orders, sold):
        violations.append(f"{entries} entries, {takings} of them takings, for {orders} orders, {sold} sold")
    return Finding.of("books", violations, entries=entries, orders=orders)


async def read_model_is_the_fold(case: Case) -> Finding:
    """Of each account's events; and so is the aggregate, snapshot or not."""
    violations, events = [], 0
    for row in await case.rows("SELECT account, money FROM market_balance ORDER BY account"):
        account = await ACCOUNTS.find(case.connection, AccountId(row.account))
        assert account is not None, row.account
        history = await _history(case, row.account)
        events += len(history)
        if not account.balance.amount_minor == sum(history) == row.money:
            violations.append(
                f"{row.account}: events make {sum(history)}, the aggregate has "
                f"{account.balance.amount_minor}, the read model {row.money}"
            )
    stored = await case.count("SELECT count(*) FROM kernel_event")
    if stored != events:
        violations.append(f"{stored} events are stored, {events} of them in known streams")
    return Finding.of("read model = fold of the log", violations, events=events)


async def _history(case: Case, account: str) -> list[int]:
    history = await BANK.load(case.connection, f"{Account.stored_as}-{account}")
    return [one.event.amount.amount_minor for one in history if isinstance(one.event, Deposited)]
