"""Mails with tokens: an address is verified, a forgotten password replaced."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from subgraphs.contracts.notification import VALUES, Template
from subgraphs.identity.commands import (
    ActivateUser,
    ChangePassword,
    RefreshToken,
    RequestEmailVerification,
    RequestPasswordReset,
    ResetPassword,
    VerifyEmail,
)
from subgraphs.identity.domain import UserId, UserRole
from subgraphs.identity.tables import users
from subgraphs.kernel.domain import Success
from subgraphs.kernel.testing.clock import FakeClock
from tests.subgraphs.identity.academy import PASSWORD, Academy
from tests.subgraphs.people import done, refusal

NEW = "another good one"
ADA = "ada@example.org"


async def test_an_address_is_verified_by_the_mail_that_follows_signing_up(academy: Academy) -> None:
    ada = done(await academy.register())
    await academy.work()
    token = academy.postman.token(Template.VERIFY_EMAIL)
    assert done(await academy.by_visitor(VerifyEmail(token))) == ada
    assert (await academy.published())[-1] == (
        "identity.user_verified",
        {"user_id": str(ada), "verified_at": "2025-09-01T08:00:00Z"},
    )
    assert refusal(await academy.by_visitor(VerifyEmail(token))) == "INVALID_TOKEN"
    assert refusal(await academy.by(ada, "student", RequestEmailVerification())) == "EMAIL_ALREADY_VERIFIED"


async def test_the_mail_can_be_had_again_and_its_token_replaces_the_last(academy: Academy) -> None:
    ada = done(await academy.register())
    await academy.work()
    first = academy.postman.token(Template.VERIFY_EMAIL)
    for _ in range(5):
        done(await academy.by(ada, "student", RequestEmailVerification()))
    assert refusal(await academy.by(ada, "student", RequestEmailVerification())) == "RATE_LIMITED"
    await academy.work()
    assert refusal(await academy.by_visitor(VerifyEmail(first))) == "INVALID_TOKEN"
    done(await academy.by_visitor(VerifyEmail(academy.postman.token(Template.VERIFY_EMAIL))))


async def test_a_forgotten_password_is_replaced_once_and_all_sessions_end(academy: Academy) -> None:
    await academy.register()
    session = done(await academy.login())
    for _ in range(5):
        await academy.login(password="forgotten")
    assert refusal(await academy.login()) == "LOGIN_LOCKED"
    done(await academy.by_visitor(RequestPasswordReset(" ADA@example.org")))
    await academy.work()
    token = academy.postman.token(Template.PASSWORD_RESET)
    assert refusal(await academy.by_visitor(ResetPassword(token, "short"))) == "WEAK_PASSWORD"
    done(await academy.by_visitor(ResetPassword(token, NEW)))
    await academy.work()
    assert refusal(await academy.by_visitor(ResetPassword(token, PASSWORD))) == "INVALID_TOKEN"
    assert refusal(await academy.by_visitor(RefreshToken(session.refresh_token))) == "INVALID_REFRESH_TOKEN"
    assert refusal(await academy.login()) == "INVALID_CREDENTIALS"
    done(await academy.login(password=NEW))


async def test_a_link_is_good_for_an_hour(academy: Academy, clock: FakeClock) -> None:
    await academy.register()
    done(await academy.by_visitor(RequestPasswordReset(ADA)))
    await academy.work()
    clock.advance(timedelta(hours=1))
    assert (
        refusal(await academy.by_visitor(ResetPassword(academy.postman.token(Template.PASSWORD_RESET), NEW)))
        == "INVALID_TOKEN"
    )


async def test_nobody_learns_whether_an_address_is_somebodys(academy: Academy) -> None:
    await academy.register()
    await academy.work()
    sent = len(academy.postman.bag)
    for email in (ADA, "nobody@example.org"):
        answers = [await academy.by_visitor(RequestPasswordReset(email)) for _ in range(6)]
        assert answers[:5] == [Success(None)] * 5
        assert refusal(answers[5]) == "RATE_LIMITED"
    await academy.work()
    assert academy.postman.templates[sent:] == ["PASSWORD_RESET"] * 5
    assert refusal(await academy.by_visitor(RequestPasswordReset("no address"))) == "INVALID_EMAIL"


async def test_who_was_invited_chooses_a_password_by_mail(academy: Academy) -> None:
    tutor = await academy.create("tutor@example.org", UserRole.TUTOR)
    assert refusal(await academy.login("tutor@example.org", "")) == "INVALID_CREDENTIALS"
    done(await academy.by_visitor(RequestPasswordReset("tutor@example.org")))
    await academy.work()
    assert (
        done(await academy.by_visitor(ResetPassword(academy.postman.token(Template.PASSWORD_RESET), NEW)))
        == tutor
    )
    done(await academy.login("tutor@example.org", NEW))


async def test_another_password_ends_all_other_sessions(academy: Academy) -> None:
    ada = done(await academy.register())
    here, elsewhere = done(await academy.login()), done(await academy.login())
    command = ChangePassword(PASSWORD, NEW)
    done(await academy.by(ada, "student", command, session_id=str(here.session_id)))
    assert refusal(await academy.by_visitor(RefreshToken(elsewhere.refresh_token))) == "INVALID_REFRESH_TOKEN"
    done(await academy.by_visitor(RefreshToken(here.refresh_token)))
    assert refusal(await academy.login()) == "INVALID_CREDENTIALS"
    done(await academy.login(password=NEW))
    too_long = ChangePassword(NEW, "x1" * 40)
    assert refusal(await academy.by(ada, "student", too_long)) == "PASSWORD_TOO_LONG"


async def test_a_forgotten_password_ends_all_sessions_before_any_message_is_handled(academy: Academy) -> None:
    await academy.register()
    stolen = done(await academy.login())
    done(await academy.by_visitor(RequestPasswordReset(ADA)))
    await academy.work()
    done(await academy.by_visitor(ResetPassword(academy.postman.token(Template.PASSWORD_RESET), NEW)))
    assert refusal(await academy.by_visitor(RefreshToken(stolen.refresh_token))) == "INVALID_REFRESH_TOKEN"
    later = done(await academy.login(password=NEW))
    done(await academy.by_visitor(RefreshToken(later.refresh_token)))


async def test_of_a_token_the_database_has_a_hash(academy: Academy) -> None:
    await academy.register()
    done(await academy.by_visitor(RequestPasswordReset(ADA)))
    await academy.work()
    async with academy.platform.database.read() as connection:
        (row,) = (await connection.execute(select(users))).all()
    assert row.verification_hash
    assert row.password_reset_hash
    values = [message.values["token"] for message in academy.postman.bag if message.values]
    assert len(values) == 2
    assert not [token for token in values if token in str(row)]


async def test_every_mail_brings_what_its_template_needs(academy: Academy) -> None:
    done(await academy.register())
    done(await academy.by_visitor(RequestPasswordReset(ADA)))
    await academy.work()
    for message in academy.postman.bag:
        assert VALUES[message.template] <= set(message.values or {})
    assert {"WELCOME", "VERIFY_EMAIL", "PASSWORD_RESET"} <= set(academy.postman.templates)


@pytest.mark.parametrize("days", [1, 7])
async def test_a_week_without_verifying(academy: Academy, clock: FakeClock, days: int) -> None:
    ada = done(await academy.register())
    await academy.work()
    clock.advance(timedelta(days=1))
    await academy.work()
    assert academy.postman.templates[-1] == "VERIFY_EMAIL_REMINDER"
    reminded = academy.postman.token(Template.VERIFY_EMAIL_REMINDER)
    if days == 1:
        done(await academy.by_visitor(VerifyEmail(reminded)))
    clock.advance(timedelta(days=6))
    await academy.work()
    assert academy.postman.templates.count("VERIFY_EMAIL_REMINDER") == 1
    if days == 1:
        done(await academy.login())
        return
    assert refusal(await academy.login()) == "ACCOUNT_DEACTIVATED"
    assert refusal(await academy.by_visitor(VerifyEmail(reminded))) == "INVALID_TOKEN"
    done(await academy.by(UserId("staff"), "staff", ActivateUser(ada)))
    done(await academy.login())
