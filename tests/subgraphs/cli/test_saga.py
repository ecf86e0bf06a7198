"""Sagas are seen and cancelled from the command line."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from subgraphs import platform as academy
from subgraphs.contexts import KnownContext
from subgraphs.gamification.app import build as build_gamification
from subgraphs.gamification.tables import metadata as gamification_tables
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.context import BoundedContext
from subgraphs.kernel.messaging.worker import Worker
from subgraphs.kernel.platform import Platform
from subgraphs.kernel.store.tables import saga
from tests.subgraphs.cli.operator import ONE_KIND, Operator
from tests.subgraphs.kernel.shop import ORDER, OrderPlaced


def _with_orders(platform: Platform) -> BoundedContext:
    return replace(build_gamification(platform), sagas=(ORDER,))


@pytest.fixture
def merchant(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> Operator:
    """The platform has orders, and two of them wait for their stock; the second one for too long."""
    monkeypatch.setattr(
        academy, "CONTEXTS", {"gamification": KnownContext(_with_orders, gamification_tables)}
    )

    async def order(platform: Platform) -> None:
        for order_id in ("first", "second"):
            async with platform.transactions.begin("shop", RequestContext(None, "correlation")) as work:
                work.publish(OrderPlaced(order_id), key=order_id)
        await Worker(platform.transactions).drain()
        late = {"timeout_at": datetime.now(UTC) - timedelta(minutes=5)}
        async with platform.database.transaction() as connection:
            await connection.execute(update(saga).where(saga.c.corr_key == "second").values(**late))

    operator.with_platform(order)
    return operator


@ONE_KIND
def test_without_sagas_that_is_said(operator: Operator) -> None:
    assert operator.runs("saga", "list").out == "No sagas.\n"
    assert operator.runs("saga", "timed-out").out == "No sagas.\n"


@ONE_KIND
def test_sagas_are_listed_by_status_type_and_in_parts(merchant: Operator) -> None:
    ran = merchant.runs("saga", "list")
    header, first, _ = ran.out.splitlines()
    assert header.split() == ["ID", "TYPE", "KEY", "STATUS", "STEPS", "STARTED", "DUE", "ERROR"]
    assert f"{ORDER.id_of('first')}  shop.order  first   RUNNING  stock running  " in first
    part = merchant.runs("saga", "list", "--limit", "1", "--status", "running")
    assert part.out.splitlines()[-1] == "1 to 1 of 2; the next: --offset 1"
    content = merchant.runs("saga", "list", "--type", "shop.order", "--format", "json").json
    assert (content["total"], [one["key"] for one in content["sagas"]]) == (2, ["first", "second"])
    assert merchant.runs("saga", "list", "--status", "failed").out == "No sagas.\n"


def test_those_that_are_late_are_found(merchant: Operator) -> None:
    (late,) = merchant.runs("saga", "timed-out", "--format", "json").json["sagas"]
    assert late["key"] == "second"


@ONE_KIND
def test_one_is_shown_with_its_steps_and_its_state(merchant: Operator) -> None:
    shown = merchant.runs("saga", "show", ORDER.id_of("first")).out
    assert '"customer": "rich"' in shown
    assert shown.splitlines()[-1].startswith("stock  RUNNING  ")
    content = merchant.runs("saga", "show", ORDER.id_of("first"), "--format", "json").json
    assert [step["name"] for step in content["saga"]["steps"]] == ["stock"]


def test_a_running_saga_is_cancelled_once(merchant: Operator) -> None:
    cancel = ("saga", "cancel", ORDER.id_of("first"), "--reason", "ordered twice")
    assert merchant.runs(*cancel).exit_code == 3  # nobody was asked
    assert merchant.runs(*cancel, "--yes").out == f"{ORDER.id_of('first')} is cancelled.\n"
    again = merchant.runs(*cancel, "--yes", "--format", "json")
    assert (again.exit_code, again.json["error"]["code"]) == (1, "SAGA_NOT_RUNNING")


@ONE_KIND
@pytest.mark.parametrize("verb", [("show",), ("cancel", "--reason", "why not", "--yes")])
def test_a_saga_that_there_is_not_is_refused(operator: Operator, verb: tuple[str, ...]) -> None:
    ran = operator.runs("saga", verb[0], "none", *verb[1:])
    assert (ran.exit_code, "[SAGA_NOT_FOUND]" in ran.err) == (1, True)
