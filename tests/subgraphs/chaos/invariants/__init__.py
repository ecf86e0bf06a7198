"""What holds whatever has happened, once the system has come to rest. Each looks at the databases itself."""

from typing import Final

from tests.subgraphs.chaos.invariants.books import books_balance, money_is_conserved, read_model_is_the_fold
from tests.subgraphs.chaos.invariants.caches import caches_tell_the_truth
from tests.subgraphs.chaos.invariants.commands import no_command_is_lost, one_effect_per_key
from tests.subgraphs.chaos.invariants.finding import Case, Finding, Invariant
from tests.subgraphs.chaos.invariants.gazette import (
    every_note_is_printed_elsewhere,
    what_is_printed_is_heard_of,
)
from tests.subgraphs.chaos.invariants.letters import dead_letters_are_the_poison, everything_is_handled
from tests.subgraphs.chaos.invariants.logs import logs_are_dense, streams_are_in_order
from tests.subgraphs.chaos.invariants.messages import (
    keys_are_in_order,
    no_message_is_lost,
    notes_are_read_as_said,
    one_effect_per_message,
)
from tests.subgraphs.chaos.invariants.orders import sagas_have_ended, stock_is_accounted_for
from tests.subgraphs.chaos.invariants.payments import every_sale_is_concluded_once, one_payment_per_sale

INVARIANTS: Final[tuple[Invariant, ...]] = (
    no_command_is_lost,
    one_effect_per_key,
    no_message_is_lost,
    one_effect_per_message,
    keys_are_in_order,
    notes_are_read_as_said,
    every_note_is_printed_elsewhere,
    what_is_printed_is_heard_of,
    one_payment_per_sale,
    every_sale_is_concluded_once,
    caches_tell_the_truth,
    money_is_conserved,
    books_balance,
    stock_is_accounted_for,
    sagas_have_ended,
    read_model_is_the_fold,
    logs_are_dense,
    streams_are_in_order,
    dead_letters_are_the_poison,
    everything_is_handled,
)


async def check(case: Case) -> list[Finding]:
    """What each invariant says, in order."""
    return [await invariant(case) for invariant in INVARIANTS]
