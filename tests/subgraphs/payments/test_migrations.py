"""What a database knew before there were tables for it is in them from the beginning."""

from sqlalchemy import select, text

from subgraphs.kernel.store.migrations import migrate
from subgraphs.payments.commands.invoicing import IssueInvoice
from subgraphs.payments.commands.paying import CreatePayment
from subgraphs.payments.commands.refunding import InitiateRefund
from subgraphs.payments.commands.settling import FailPayment
from subgraphs.payments.domain.values import PaymentMethod
from subgraphs.payments.tables import bookkeeper, credit_note, credit_note_series
from tests.subgraphs.payments.bursary import STAFF, STUDENT, Bursary, course_id, euros
from tests.subgraphs.people import done

LATER = ("payments_credit_note", "payments_credit_note_series", "payments_bookkeeper")


async def test_credit_notes_and_bookkeepers_are_made_of_what_has_happened(bursary: Bursary) -> None:
    ids = []
    for number, method in enumerate((*[PaymentMethod.CARD] * 3, PaymentMethod.BANK_TRANSFER)):
        pay = CreatePayment(euros(4900), method, course_id=course_id(number))
        ids.append(str(done(await bursary.by(STUDENT, pay))))
        await bursary.deliver()
        done(await bursary.by(STAFF, IssueInvoice(ids[-1])))
    for id_, amount in ((ids[0], euros(900)), (ids[0], euros(100)), (ids[1], None)):
        done(await bursary.by(STAFF, InitiateRefund(id_, "ill", amount)))
        await bursary.deliver()
    done(await bursary.by(STAFF, FailPayment(ids[3], "never came")))
    await bursary.deliver()
    database = bursary.platform.database
    async with database.transaction() as connection:
        for name in LATER:
            await connection.execute(text(f"DROP TABLE {name}"))
        await connection.execute(text("UPDATE payments_alembic_version SET version_num = '0004_people'"))
    await migrate(database, [bursary.payments])
    async with database.read() as connection:
        notes = (await connection.execute(select(credit_note).order_by(credit_note.c.place))).all()
        keepers = (await connection.execute(select(bookkeeper))).all()
        series = await connection.scalar(select(credit_note_series.c.last_place))
    credited = [(one.place, one.amount_minor, one.reason, one.is_reversal) for one in notes]
    assert credited == [(1, 1000, "ill", False), (2, 4900, "ill", False), (3, 4900, "never came", False)]
    assert [tuple(one) for one in keepers] == [(STAFF.id, True)]
    assert series == len(notes)
