"""What a saga does when, without a database."""

from datetime import timedelta

import pytest

from subgraphs.kernel.sagas.definition import Decision, Saga
from subgraphs.kernel.sagas.machine import SagaError
from subgraphs.kernel.sagas.outputs import Begin, Complete, Finish, Output, Publish, Send
from subgraphs.kernel.sagas.record import Status, StepStatus
from subgraphs.kernel.testing.sagas import Scenario, given_saga
from tests.subgraphs.kernel.shop import (
    ORDER,
    PAYMENT_TIMEOUT,
    ChargePayment,
    Order,
    OrderCancelled,
    OrderCompleted,
    OrderPlaced,
    ParcelReturned,
    ParcelSent,
    PaymentDeclined,
    PaymentRefunded,
    PaymentTaken,
    RefundPayment,
    ReleaseStock,
    ReserveStock,
    SendParcel,
    StockRefused,
    StockReleased,
    StockReserved,
)

MOMENT = timedelta(seconds=1)
PLACED, RESERVED, TAKEN = OrderPlaced("1"), StockReserved("1"), PaymentTaken("1", "p")
RESERVE = Send(ReserveStock("1"), to="stock.reserve")
CHARGE = Send(ChargePayment("1", "rich"), to="payments.charge")
PARCEL = Send(SendParcel("1", "home"), to="parcels.send")
REFUND = Send(RefundPayment("p"), to="payments.refund")
RELEASE = Send(ReleaseStock("1"), to="stock.release")


def _cancelled(reason: str) -> Publish:
    return Publish(OrderCancelled("1", reason))


def _charging() -> Scenario[Order]:
    return given_saga(ORDER).when(PLACED, RESERVED).then(RESERVE, CHARGE)


def _sending() -> Scenario[Order]:
    return _charging().after(MOMENT).when(TAKEN).then(PARCEL)


def test_an_order_that_goes_well() -> None:
    done = _sending().after(MOMENT).when(ParcelSent("1"))
    saga = done.then(Publish(OrderCompleted("1")), status=Status.COMPLETED).current
    assert [(step.name, step.status) for step in saga.steps] == [
        (name, StepStatus.COMPLETED) for name in ("stock", "payment", "parcel")
    ]
    assert saga.state == Order("1", "rich", "home", "p")
    assert saga.timeout_at is None
    assert saga.ended_at == saga.updated_at == saga.created_at + 2 * MOMENT
    done.after(timedelta(days=1)).then(Publish(OrderCompleted("1")), status=Status.COMPLETED)


def test_nothing_was_done_so_nothing_is_undone() -> None:
    refused = given_saga(ORDER).when(PLACED).then(RESERVE).when(StockRefused("1"))
    saga = refused.then(_cancelled("sold out"), status=Status.FAILED).current
    assert saga.error == "sold out"


def test_steps_are_undone_from_the_last_to_the_first_each_when_the_one_before_is() -> None:
    failed = _sending().when(ParcelReturned("1")).then(REFUND, status=Status.COMPENSATING)
    early = failed.when(StockReleased("1")).then(status=Status.COMPENSATING)  # nobody has asked for it yet
    releasing = early.when(PaymentRefunded("1")).then(RELEASE, status=Status.COMPENSATING)
    releasing.when(StockReleased("1")).then(_cancelled("nobody lives there"), status=Status.FAILED)


def test_a_compensation_is_asked_for_until_it_is_confirmed_with_longer_and_longer_pauses() -> None:
    failed = _charging().when(PaymentDeclined("1")).then(RELEASE, status=Status.COMPENSATING)
    deadline = failed.now + timedelta(minutes=1)
    asked = failed.after(timedelta(seconds=59)).then(status=Status.COMPENSATING)
    asked = asked.after(MOMENT).then(RELEASE, status=Status.COMPENSATING)
    asked = asked.after(timedelta(minutes=2)).then(RELEASE, status=Status.COMPENSATING)
    assert asked.current.timeout_at == deadline, "it has been late since then"
    asked = asked.after(timedelta(days=1))
    assert 24 <= len(asked.sent) <= 29, "every hour in the end"
    done = asked.when(StockReleased("1"), StockReleased("1"))
    assert done.current.status is Status.FAILED
    assert done.sent[-1] == _cancelled("declined")
    assert done.after(timedelta(days=1)).sent == done.sent


def test_a_step_that_is_late_fails_its_saga() -> None:
    late = _charging().after(PAYMENT_TIMEOUT).then(RELEASE, status=Status.COMPENSATING)
    assert late.current.error == "payment timed out"
    assert late.current.outcome is Status.FAILED


def test_a_step_that_was_in_time_is_not_late_afterwards() -> None:
    _sending().after(timedelta(days=1)).then()


@pytest.mark.parametrize("released_first", [False, True])
def test_what_is_done_after_the_saga_gave_up_is_undone_as_well(released_first: bool) -> None:
    late = _charging().after(PAYMENT_TIMEOUT).then(RELEASE, status=Status.COMPENSATING)
    if released_first:
        ended = late.when(StockReleased("1")).then(_cancelled("payment timed out"), status=Status.FAILED)
        undoing = ended.when(TAKEN, TAKEN).then(REFUND, status=Status.COMPENSATING)
        done = undoing.when(PaymentRefunded("1")).then(status=Status.FAILED)
        assert done.current.ended_at == ended.current.ended_at
    else:
        undoing = late.when(TAKEN).then(status=Status.COMPENSATING)
        undoing = undoing.when(StockReleased("1")).then(REFUND, status=Status.COMPENSATING)
        undoing.when(PaymentRefunded("1")).then(_cancelled("payment timed out"), status=Status.FAILED)


def test_a_refusal_after_the_saga_gave_up_changes_nothing() -> None:
    late = _charging().after(PAYMENT_TIMEOUT).then(RELEASE, status=Status.COMPENSATING)
    assert late.when(PaymentDeclined("1")).current is late.current


def test_a_cancelled_saga_is_undone_and_so_is_what_was_under_way() -> None:
    cancelled = _charging().cancelled("changed my mind").then(RELEASE, status=Status.COMPENSATING)
    ended = cancelled.when(StockReleased("1")).then(_cancelled("changed my mind"), status=Status.CANCELLED)
    paid = ended.when(TAKEN).then(REFUND, status=Status.COMPENSATING)
    paid.when(PaymentRefunded("1")).then(status=Status.CANCELLED)


def test_what_has_ended_cannot_be_cancelled() -> None:
    done = _sending().when(ParcelSent("1"))
    assert done.cancelled("too late").current is done.current


def test_a_message_that_comes_twice_is_handled_once() -> None:
    _charging().when(RESERVED, PLACED).then()


def test_a_message_of_no_saga_is_ignored() -> None:
    assert given_saga(ORDER).when(TAKEN).record is None


def _odd(outputs: list[Output]) -> Saga[Order]:
    saga = Saga("shop.odd", Order)

    @saga.starts_with(OrderPlaced, by=lambda message: message.order_id)
    def placed(message: OrderPlaced) -> Decision[Order]:
        return Order(message.order_id, "", ""), [Begin("stock", MOMENT)]

    @saga.on(StockReserved, by=lambda message: message.order_id, step="stock")
    def reserved(order: Order, _: StockReserved) -> Decision[Order]:
        return order, outputs

    @saga.on(ParcelSent, by=lambda message: message.order_id)
    def at_any_time(order: Order, _: ParcelSent) -> Decision[Order]:
        return order, [Finish()]

    @saga.on_timeout("stock")
    def again(order: Order) -> Decision[Order]:
        return order, [Begin("stock", MOMENT), RESERVE]

    return saga


@pytest.mark.parametrize(
    ("outputs", "complaint"),
    [
        ([Finish(), Finish()], "shop.odd finishes a step where none is open"),
        ([Finish(), Begin("stock")], "shop.odd begins stock again, which is COMPLETED"),
        ([Complete()], "shop.odd completes while stock is open"),
        ([Finish(), Complete(), RESERVE], "shop.odd says Send after its end"),
    ],
)
def test_answers_that_make_no_sense_are_refused(outputs: list[Output], complaint: str) -> None:
    with pytest.raises(SagaError, match=complaint):
        given_saga(_odd(outputs)).when(PLACED, RESERVED)


def test_a_handler_without_a_step_finishes_none() -> None:
    with pytest.raises(SagaError, match="finishes a step where none is open"):
        given_saga(_odd([])).when(PLACED, ParcelSent("1"))


def test_a_timeout_may_begin_its_step_again() -> None:
    again = given_saga(_odd([Finish(), Complete()])).when(PLACED).after(3 * MOMENT)
    again.then(RESERVE, RESERVE, RESERVE).when(RESERVED).then(status=Status.COMPLETED)


def test_a_saga_says_everything_once() -> None:
    saga = _odd([])
    with pytest.raises(ValueError, match=r"shop\.odd has two meanings for StockReserved"):
        saga.compensates("stock", confirmed_by=StockReserved, by=lambda message: message.order_id)(
            lambda _: RELEASE
        )
    with pytest.raises(ValueError, match=r"shop\.odd has two timeouts of stock"):
        saga.on_timeout("stock")(lambda order: (order, []))
