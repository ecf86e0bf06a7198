"""Orders end one way or the other, and goods do not come into being or vanish."""

from tests.subgraphs.chaos.invariants.finding import Case, Finding


async def stock_is_accounted_for(case: Case) -> Finding:
    """Free and sold are all there ever was; what is held is what is sold."""
    free = await case.count("SELECT free FROM shop_goods")
    held = {row.order_id for row in await case.rows("SELECT order_id FROM shop_reservation WHERE units = 1")}
    sold = {
        row.corr_key for row in await case.rows("SELECT corr_key FROM kernel_saga WHERE status = 'COMPLETED'")
    }
    violations = [
        *([f"{free} are free"] if free < 0 else ()),
        *(
            [f"{free} free and {len(held)} held make not {case.units}"]
            if free + len(held) != case.units
            else ()
        ),
        *(f"{order_id} holds goods and is not completed" for order_id in sorted(held - sold)),
        *(f"{order_id} is completed and holds no goods" for order_id in sorted(sold - held)),
    ]
    return Finding.of("stock", violations, total=case.units, free=free, held=len(held), sold=len(sold))


async def sagas_have_ended(case: Case) -> Finding:
    """Each has come to one end, and has said so once."""
    by_status = {
        row.status: row.times
        for row in await case.rows("SELECT status, count(*) AS times FROM kernel_saga GROUP BY status")
    }
    open_ = await case.rows(
        "SELECT corr_key, status, timeout_at FROM kernel_saga "
        "WHERE status NOT IN ('COMPLETED', 'FAILED', 'CANCELLED')"
    )
    expected = {
        (
            row.corr_key,
            "shop.order_completed" if row.status == "COMPLETED" else "shop.order_cancelled",
        )
        for row in await case.rows("SELECT corr_key, status FROM kernel_saga")
    }
    told = [(row.order_id, row.how) for row in await case.rows("SELECT order_id, how FROM shop_ended")]
    violations = [
        *(f"{row.corr_key} is {row.status}, late since {row.timeout_at}" for row in open_),
        *(f"{order_id}: nobody was told {how}" for order_id, how in sorted(expected - set(told))),
        *(f"{order_id}: {how} was told wrongly" for order_id, how in sorted(set(told) - expected)),
        *([f"{len(told)} ends were told of {len(set(told))}"] if len(told) != len(set(told)) else ()),
    ]
    numbers = {status.lower(): int(times) for status, times in sorted(by_status.items())}
    return Finding.of("every saga has ended", violations, **numbers)
