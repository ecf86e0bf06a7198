"""Another address of one's own: asked for with the password, confirmed by a mail that comes there."""

from subgraphs.contracts.notification import Template
from subgraphs.identity.commands import (
    ConfirmEmailChange,
    RequestEmailChange,
    RequestPasswordReset,
    ResetPassword,
    UpdateUser,
    VerifyEmail,
)
from subgraphs.identity.domain import SetTo, UserRole
from tests.subgraphs.identity.academy import PASSWORD, Academy
from tests.subgraphs.people import done, refusal

NEW = "king@example.org"
REQUEST = """
    mutation ($input: RequestEmailChangeInput!) {
      requestEmailChange(input: $input) { errors { code field } }
    }
"""
CONFIRM = """
    mutation ($input: ConfirmEmailChangeInput!) {
      confirmEmailChange(input: $input) { user { name } account { email status } errors { code } }
    }
"""


async def test_an_address_is_changed_by_the_mail_that_comes_to_the_new_one(academy: Academy) -> None:
    ada = done(await academy.register())
    done(await academy.by_visitor(RequestPasswordReset("ada@example.org")))
    await academy.work()
    to_the_old_one = academy.postman.token(Template.PASSWORD_RESET)
    done(await academy.by(ada, "student", RequestEmailChange(f" {NEW.upper()}", PASSWORD)))
    await academy.work()
    asked = academy.postman.bag[-1]
    assert (asked.template, asked.user_id, asked.mail_to) == (Template.EMAIL_CHANGE, str(ada), NEW)
    done(await academy.login())
    token = academy.postman.token(Template.EMAIL_CHANGE)
    assert done(await academy.by_visitor(ConfirmEmailChange(token))) == ada
    await academy.work()
    told = academy.postman.bag[-1]
    assert (told.template, told.mail_to) == (Template.EMAIL_CHANGED, "ada@example.org")
    assert refusal(await academy.login()) == "INVALID_CREDENTIALS"
    done(await academy.login(NEW))
    assert refusal(await academy.by_visitor(ConfirmEmailChange(token))) == "INVALID_TOKEN"
    stolen = ResetPassword(to_the_old_one, "another good one")
    assert refusal(await academy.by_visitor(stolen)) == "INVALID_TOKEN"


async def test_who_may_not_have_an_address(academy: Academy) -> None:
    ada = done(await academy.register())
    await academy.create("taken@example.org", UserRole.STUDENT)

    async def asked(email: str, password: str = PASSWORD) -> str:
        return refusal(await academy.by(ada, "student", RequestEmailChange(email, password)))

    assert await asked(NEW, "wrong") == "WRONG_PASSWORD"
    assert await asked("no address") == "INVALID_EMAIL"
    assert await asked("ada@example.org") == "SAME_EMAIL"
    assert await asked("taken@example.org") == "EMAIL_TAKEN"
    assert refusal(await academy.by_visitor(RequestEmailChange(NEW, PASSWORD))) == "UNAUTHENTICATED"
    await asked("ada@example.org")
    assert await asked(NEW) == "RATE_LIMITED"


async def test_an_address_that_somebody_else_has_meanwhile_stays_theirs(academy: Academy) -> None:
    ada = done(await academy.register())
    done(await academy.by(ada, "student", RequestEmailChange(NEW, PASSWORD)))
    await academy.work()
    await academy.create(NEW, UserRole.STUDENT)
    token = academy.postman.token(Template.EMAIL_CHANGE)
    assert refusal(await academy.by_visitor(ConfirmEmailChange(token))) == "EMAIL_TAKEN"
    done(await academy.login())


async def test_whose_address_the_staff_corrects_gets_a_mail_there(academy: Academy) -> None:
    ada = done(await academy.register("ada@exmaple.org"))
    await academy.work()
    to_a_stranger = academy.postman.token(Template.VERIFY_EMAIL)
    staff = await academy.create("staff@example.org", UserRole.STAFF)
    done(await academy.by(staff, "staff", UpdateUser(ada, email=SetTo("ada@example.org"))))
    await academy.work()
    assert refusal(await academy.by_visitor(VerifyEmail(to_a_stranger))) == "INVALID_TOKEN"
    done(await academy.by_visitor(VerifyEmail(academy.postman.token(Template.VERIFY_EMAIL))))


async def test_whose_address_the_staff_changes_hears_of_it_at_the_old_one(academy: Academy) -> None:
    tutor = await academy.create("tutor@example.org", UserRole.TUTOR)
    staff = await academy.create("staff@example.org", UserRole.STAFF)
    done(await academy.by(staff, "staff", UpdateUser(tutor, last_name=SetTo("Curie"))))
    await academy.work()
    assert "EMAIL_CHANGED" not in academy.postman.templates
    done(await academy.by(staff, "staff", UpdateUser(tutor, email=SetTo(NEW))))
    await academy.work()
    told = academy.postman.bag[-1]
    assert (told.template, told.mail_to) == (Template.EMAIL_CHANGED, "tutor@example.org")
    assert (told.values or {})["new_email"] == NEW


async def test_through_graphql(academy: Academy) -> None:
    await academy.register()
    ada = await academy.logged_in("ada@example.org")
    asked = await ada.data(REQUEST, input={"newEmail": "no address", "currentPassword": PASSWORD})
    assert asked["requestEmailChange"]["errors"] == [{"code": "INVALID_EMAIL", "field": "newEmail"}]
    asked = await ada.data(REQUEST, input={"newEmail": NEW, "currentPassword": PASSWORD})
    assert asked["requestEmailChange"]["errors"] == []
    await academy.work()
    token = academy.postman.token(Template.EMAIL_CHANGE)
    confirmed = await academy.visitor().data(CONFIRM, input={"token": token})
    assert confirmed["confirmEmailChange"] == {
        "user": {"name": "Ada Lovelace"},
        "account": {"email": NEW, "status": "ACTIVE"},
        "errors": [],
    }
