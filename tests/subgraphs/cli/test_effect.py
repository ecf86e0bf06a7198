"""Effects are seen, done after all, and let go from the command line."""

from dataclasses import dataclass, replace

import pytest

from subgraphs import platform as academy
from subgraphs.contexts import KnownContext
from subgraphs.gamification.app import build as build_gamification
from subgraphs.gamification.tables import metadata as gamification_tables
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.context import BoundedContext
from subgraphs.kernel.effects.outcome import Outcome, RequestRejectedError, Succeeded
from subgraphs.kernel.messaging.worker import Worker
from subgraphs.kernel.platform import Platform
from tests.subgraphs.cli.operator import ONE_KIND, Operator
from tests.subgraphs.kernel.house import Receipt
from tests.subgraphs.kernel.till import CHARGE, ChargeSale

GOOD, BAD = CHARGE.key_of(ChargeSale("good", "")), CHARGE.key_of(ChargeSale("bad", ""))


@dataclass(frozen=True)
class Bank:
    """Takes money for one thing, and never for another."""

    name: str = "bank"

    async def call(self, key: str, request: ChargeSale) -> Outcome[Receipt]:
        if request.sale_id == "bad":
            raise RequestRejectedError("no such currency")
        return Succeeded(Receipt(1))

    async def find(self, key: str, request: ChargeSale) -> Outcome[Receipt] | None:
        return None


async def _nothing(*_: object) -> None:
    pass


def _with_payments(platform: Platform) -> BoundedContext:
    charge = platform.effects.errand(replace(CHARGE, then=_nothing), Bank())
    return replace(build_gamification(platform), subscriptions=(charge,))


@pytest.fixture
def cashier(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> Operator:
    """Somebody has paid, and somebody could not."""
    monkeypatch.setattr(
        academy, "CONTEXTS", {"gamification": KnownContext(_with_payments, gamification_tables)}
    )

    async def pay(platform: Platform) -> None:
        async with platform.transactions.begin("till", RequestContext(None, "correlation")) as work:
            await CHARGE.request(work, ChargeSale("good", "well"))
            await CHARGE.request(work, ChargeSale("bad", "well"))
        await Worker(platform.transactions).drain()

    operator.with_platform(pay)
    return operator


@ONE_KIND
def test_without_effects_that_is_said(operator: Operator) -> None:
    assert operator.runs("effect", "list").out == "No effects.\n"


def test_effects_are_listed_by_status_kind_and_what_became_of_them(cashier: Operator) -> None:
    ran = cashier.runs("effect", "list")
    header, bad, good = ran.out.splitlines()
    assert header.split() == ["KEY", "STATUS", "CALLS", "REQUESTED", "GIVEN", "UP", "LAST", "ERROR"]
    assert bad.startswith(f"{BAD}   called ")
    assert bad.endswith("  yes       RequestRejectedError: no such currency")
    assert good.startswith(f"{GOOD}  succeeded  ")
    for wanted in (["--given-up"], ["--status", "called"]):
        content = cashier.runs("effect", "list", *wanted, "--format", "json").json
        assert (content["total"], [one["key"] for one in content["effects"]]) == (1, [BAD])
    assert cashier.runs("effect", "list", "--kind", "nobody.charge").out == "No effects.\n"
    assert cashier.runs("effect", "list", "--limit", "1").out.endswith("1 to 1 of 2; the next: --offset 1\n")


@ONE_KIND
def test_one_is_shown_with_what_came_of_it(cashier: Operator) -> None:
    assert 'Outcome    {"number":1}' in cashier.runs("effect", "show", GOOD).out
    shown = cashier.runs("effect", "show", BAD, "--format", "json").json["effect"]
    assert (shown["status"], shown["calls"], shown["result"]) == ("called", 1, None)


def test_what_was_given_up_is_asked_again_under_its_key(cashier: Operator) -> None:
    assert cashier.runs("effect", "retry", BAD).out == f"{BAD} will be done.\n"
    again = cashier.runs("effect", "retry", BAD, "--format", "json")
    assert (again.exit_code, again.json["error"]["code"]) == (1, "NOT_GIVEN_UP")
    cashier.work_goes_on()
    assert cashier.runs("effect", "show", BAD, "--format", "json").json["effect"]["calls"] == 2


@ONE_KIND
def test_what_was_given_up_is_let_go(cashier: Operator) -> None:
    discard = ("effect", "discard", BAD, "--reason", "paid by hand")
    assert cashier.runs(*discard).exit_code == 3  # nobody was asked
    assert cashier.runs(*discard, "--yes").out == f"{BAD} is discarded.\n"
    assert cashier.runs("effect", "list", "--given-up").out == "No effects.\n"


@ONE_KIND
@pytest.mark.parametrize("verb", [("show",), ("retry",), ("discard", "--reason", "why not", "--yes")])
def test_an_effect_that_there_is_not_is_refused(operator: Operator, verb: tuple[str, ...]) -> None:
    ran = operator.runs("effect", verb[0], "none", *verb[1:])
    assert (ran.exit_code, "[EFFECT_NOT_FOUND]" in ran.err) == (1, True)
