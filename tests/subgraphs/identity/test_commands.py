"""Commands on a real SQLite file."""

import asyncio

import pytest

from subgraphs.identity.commands import ActivateUser, ChangeUserRole, CreateUser, Login, UpdateProfile
from subgraphs.identity.domain import INVALID_CREDENTIALS, PasswordHash, SetTo, UserId, UserRole
from subgraphs.kernel.domain import Failure
from tests.subgraphs.identity.academy import PASSWORD, Academy, done, refused

NOBODY = UserId("00000000-0000-4000-8000-000000000000")


async def test_registration_publishes_the_new_user(academy: Academy) -> None:
    user_id = done(await academy.register("Ada@example.org"))
    assert await academy.published() == [
        (
            "identity.user_created",
            {
                "user_id": str(user_id),
                "email": "ada@example.org",
                "first_name": "Ada",
                "last_name": "Lovelace",
                "role": "student",
                "status": "pending_verification",
                "created_at": "2025-09-01T08:00:00Z",
            },
        ),
        ("identity.user_registered", {"user_id": str(user_id), "email": "ada@example.org"}),
    ]


async def test_one_email_is_one_account(academy: Academy) -> None:
    await academy.register()
    result = await academy.register(" ADA@example.org")
    assert isinstance(result, Failure)
    assert (result.error.code, result.error.field) == ("EMAIL_TAKEN", "email")
    assert result.error.message == "User with this email already exists"
    assert len(await academy.published()) == 2


async def test_two_who_register_at_once_cannot_both_have_the_email(academy: Academy) -> None:
    results = await asyncio.gather(*(academy.register() for _ in range(5)))
    assert [refused(result) for result in results if isinstance(result, Failure)] == ["EMAIL_TAKEN"] * 4


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"email": "ada"}, "INVALID_EMAIL"),
        ({"password": "short"}, "WEAK_PASSWORD"),
        ({"password": "x1" * 40}, "PASSWORD_TOO_LONG"),
        ({"first_name": " "}, "INVALID_NAME"),
    ],
)
async def test_a_wrong_registration_leaves_nothing(
    academy: Academy, change: dict[str, str], code: str
) -> None:
    assert refused(await academy.register(**change)) == code
    assert await academy.published() == []


async def test_login_gives_a_token_that_names_the_user(academy: Academy) -> None:
    user_id = done(await academy.register())
    token = done(await academy.by_system(Login("Ada@Example.org", PASSWORD)))
    actor = academy.platform.tokens.verify(token.token)
    assert (actor.id, actor.role, token.user_id) == (str(user_id), "student", user_id)


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("ada@example.org", "wrong"),
        ("ada@example.org", ""),
        ("ada@example.org", PASSWORD + "\0"),
        ("ada@example.org", PASSWORD + "x" * 100),
        ("ada@example.org", "\ud800"),
        ("nobody@example.org", PASSWORD),
        ("not an address", PASSWORD),
        ("' or 1=1 --", PASSWORD),
    ],
)
async def test_a_failed_login_does_not_say_what_was_wrong(
    academy: Academy, email: str, password: str
) -> None:
    await academy.register()
    assert await academy.by_system(Login(email, password)) == Failure(INVALID_CREDENTIALS)


async def test_a_profile_is_changed_where_it_is_told_to(academy: Academy) -> None:
    user_id = done(await academy.register())
    await academy.by(user_id, "student", UpdateProfile(bio=SetTo("Analyst"), skills=SetTo(("algebra",))))
    done(await academy.by(user_id, "student", UpdateProfile(last_name=SetTo("King"))))
    assert (await academy.published())[-1] == (
        "identity.user_updated",
        {
            "user_id": str(user_id),
            "first_name": "Ada",
            "last_name": "King",
            "updated_at": "2025-09-01T08:00:00Z",
        },
    )


async def test_staff_activate_and_admins_give_roles(academy: Academy) -> None:
    user_id, admin = done(await academy.register()), await academy.create("admin@example.org", UserRole.ADMIN)
    promote = ChangeUserRole(user_id, UserRole.TUTOR)
    assert refused(await academy.by(user_id, "student", ActivateUser(user_id))) == "FORBIDDEN"
    assert refused(await academy.by(admin, "admin", promote)) == "USER_NOT_ACTIVE"
    done(await academy.by(admin, "staff", ActivateUser(user_id)))
    assert refused(await academy.by(admin, "staff", promote)) == "FORBIDDEN"
    done(await academy.by(admin, "admin", promote))
    assert (await academy.published())[-1] == (
        "identity.user_role_changed",
        {"user_id": str(user_id), "old_role": "student", "new_role": "tutor"},
    )
    make_admin = ChangeUserRole(user_id, UserRole.ADMIN)
    assert refused(await academy.by(admin, "admin", make_admin)) == "FORBIDDEN"
    done(await academy.by(admin, "super_admin", make_admin))


@pytest.mark.parametrize("command", [ActivateUser(NOBODY), ChangeUserRole(NOBODY, UserRole.TUTOR)])
async def test_who_is_not_there_cannot_be_changed(
    academy: Academy, command: ActivateUser | ChangeUserRole
) -> None:
    assert refused(await academy.by_system(command)) == "USER_NOT_FOUND"


async def test_accounts_are_made_by_admins_only(academy: Academy) -> None:
    command = CreateUser("new@example.org", PasswordHash("-"), "New", "Tutor", UserRole.TUTOR)
    assert refused(await academy.by(NOBODY, "staff", command)) == "FORBIDDEN"
    done(await academy.by(NOBODY, "admin", command))
