"""Commands on a real SQLite file."""

import asyncio

import pytest

from subgraphs.contracts.identity import STAFF_ROLES, Role
from subgraphs.identity.commands import (
    ActivateUser,
    ChangeUserRole,
    CreateUser,
    CreateUserProfile,
    DeactivateUser,
    DeleteUser,
    Login,
    ProcessUserCreated,
    RenameProfile,
    UpdateBio,
    UpdateProfile,
    UpdateUser,
    UpdateUserSettings,
    UpdateUserSubscription,
)
from subgraphs.identity.domain import INVALID_CREDENTIALS, SetTo, UserId, UserRole
from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.request import SYSTEM
from subgraphs.kernel.domain import Failure
from tests.subgraphs.identity.academy import PASSWORD, Academy
from tests.subgraphs.people import done, refusal

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
                "origin": "registered",
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
    assert [refusal(result) for result in results if isinstance(result, Failure)] == ["EMAIL_TAKEN"] * 4


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
    assert refusal(await academy.register(**change)) == code
    assert await academy.published() == []


async def test_login_gives_a_token_that_names_the_user_and_the_session(academy: Academy) -> None:
    user_id = done(await academy.register())
    tokens = done(await academy.login("Ada@Example.org"))
    actor = academy.platform.tokens.verify(tokens.access.token)
    assert (actor.id, actor.role, actor.session_id) == (str(user_id), "student", str(tokens.session_id))
    assert tokens.access.user_id == user_id


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
    done(await academy.by(user_id, "student", UpdateProfile(skills=SetTo(("algebra",)))))
    done(await academy.by(user_id, "student", UpdateBio("Analyst")))
    done(await academy.by(user_id, "student", UpdateProfile(last_name=SetTo("King"))))
    published = await academy.published()
    profile: dict[str, str | None] = {"user_id": str(user_id), "updated_at": "2025-09-01T08:00:00Z"}
    profile |= {
        "first_name": "Ada",
        "last_name": "King",
        "bio": "Analyst",
        "avatar_url": None,
    }
    assert [name for name, _ in published[2:]] == [
        "identity.user_profile_created",
        *["identity.user_profile_updated"] * 3,
    ]
    assert published[-1][1] == profile


async def test_a_profile_and_settings_are_made_once_and_kept(academy: Academy) -> None:
    user_id = await academy.create("ada@example.org", UserRole.STUDENT)
    before = len(await academy.published())
    for command in (
        CreateUserProfile(user_id, bio="Analyst"),
        CreateUserProfile(user_id),
        ProcessUserCreated(user_id, "ada@example.org"),
        ProcessUserCreated(user_id, "ada@example.org"),
    ):
        done(await academy.by_system(command))
    assert [name for name, _ in (await academy.published())[before:]] == [
        "identity.user_profile_created",
        "identity.user_settings_created",
    ]


async def test_who_moves_tells_those_whose_days_depend_on_it(academy: Academy) -> None:
    user_id = done(await academy.register())
    await academy.work()
    moved = UpdateUserSettings("Asia/Tokyo")
    done(await academy.by(user_id, "student", moved))
    type_, settings = (await academy.published())[-1]
    assert (type_, settings["time_zone"]) == ("identity.user_settings_updated", "Asia/Tokyo")
    nowhere = UpdateUserSettings("Atlantis")
    assert refusal(await academy.by(user_id, "student", nowhere)) == "INVALID_TIME_ZONE"


async def test_who_is_renamed_is_called_by_that_everywhere(academy: Academy) -> None:
    user_id = done(await academy.register())
    await academy.work()
    done(await academy.by(user_id, "student", UpdateUser(user_id, last_name=SetTo("King"))))
    await academy.work()
    updated, renamed = (await academy.published())[-2:]
    assert (updated[0], updated[1]["last_name"], updated[1]["changes"]) == (
        "identity.user_updated",
        "King",
        ["name"],
    )
    assert (renamed[0], renamed[1]["last_name"]) == ("identity.user_profile_updated", "King")


async def test_an_address_is_changed_by_the_staff_and_stays_one_persons(academy: Academy) -> None:
    ada, grace = done(await academy.register()), await academy.create("grace@example.org", UserRole.STUDENT)
    own = UpdateUser(ada, email=SetTo("king@example.org"))
    assert refusal(await academy.by(ada, "student", own)) == "FORBIDDEN"
    taken = UpdateUser(ada, email=SetTo("GRACE@example.org"))
    assert refusal(await academy.by(grace, "staff", taken)) == "EMAIL_TAKEN"
    done(await academy.by(grace, "staff", own))
    assert (await academy.published())[-1][1]["email"] == "king@example.org"
    done(await academy.login("king@example.org"))


async def test_staff_activate_and_admins_give_roles(academy: Academy) -> None:
    user_id, admin = done(await academy.register()), await academy.create("admin@example.org", UserRole.ADMIN)
    promote = ChangeUserRole(user_id, UserRole.TUTOR)
    assert refusal(await academy.by(user_id, "student", ActivateUser(user_id))) == "FORBIDDEN"
    assert refusal(await academy.by(admin, "admin", promote)) == "USER_NOT_ACTIVE"
    done(await academy.by(admin, "staff", ActivateUser(user_id)))
    assert refusal(await academy.by(admin, "staff", promote)) == "FORBIDDEN"
    done(await academy.by(admin, "admin", promote))
    *_, changed, withdrawn = await academy.published()
    assert changed == (
        "identity.user_role_changed",
        {"user_id": str(user_id), "old_role": "student", "new_role": "tutor"},
    )
    assert withdrawn[0] == "kernel.access_withdrawn"
    assert refusal(await academy.by(admin, "admin", promote)) == "SAME_ROLE"
    own = await academy.by(admin, "admin", ChangeUserRole(admin, UserRole.STAFF))
    assert isinstance(own, Failure)
    assert own.error.message == "Nobody does this to their own account: ask somebody else"
    make_admin = ChangeUserRole(user_id, UserRole.ADMIN)
    assert refusal(await academy.by(admin, "admin", make_admin)) == "FORBIDDEN"
    done(await academy.by(admin, "super_admin", make_admin))


@pytest.mark.parametrize("command", [ActivateUser(NOBODY), ChangeUserRole(NOBODY, UserRole.TUTOR)])
async def test_who_is_not_there_cannot_be_changed(
    academy: Academy, command: ActivateUser | ChangeUserRole
) -> None:
    assert refusal(await academy.by_system(command)) == "USER_NOT_FOUND"


@pytest.mark.parametrize("role", Role)
async def test_what_a_role_may_not_do_about_others(academy: Academy, role: Role) -> None:
    """RBAC (section 21): of each role, everything that it may not do, on everybody that it may not touch."""
    victims = {one: await academy.create(f"{one}@example.org", UserRole(one)) for one in Role}
    manages = {
        Role.STAFF: (Role.STUDENT, Role.TUTOR),
        Role.ADMIN: (Role.STUDENT, Role.TUTOR, Role.STAFF),
        Role.SUPER_ADMIN: tuple(Role),
    }.get(role, ())
    creates = (Role.STUDENT,) if role is Role.STAFF else manages
    outcomes: dict[tuple[str, Role], bool] = {}

    async def attempt(of: Role, command: Command[object]) -> None:
        outcome = await academy.by(NOBODY, role, command)
        outcomes[type(command).__name__, of] = not (
            isinstance(outcome, Failure) and outcome.error.code == "FORBIDDEN"
        )

    for of, victim in victims.items():
        await attempt(of, CreateUser(f"new-{of}@example.org", "New", "One", UserRole(of)))
        await attempt(of, UpdateUser(victim, last_name=SetTo("X")))
        await attempt(of, DeactivateUser(victim, "spam"))
        await attempt(of, ActivateUser(victim))
        await attempt(of, DeleteUser(victim))
    expected = {(name, of): of in (creates if name == "CreateUser" else manages) for name, of in outcomes}
    assert outcomes == expected
    assert (role in STAFF_ROLES) == any(outcomes.values())


@pytest.mark.parametrize(
    "command",
    [CreateUserProfile(NOBODY), RenameProfile(NOBODY, "A", "B"), ProcessUserCreated(NOBODY, "a@example.org"),
     UpdateUserSubscription(NOBODY, "gold")],
)  # fmt: skip
async def test_what_only_the_platform_itself_does(academy: Academy, command: Command[UserId]) -> None:
    assert refusal(await academy.by(NOBODY, "super_admin", command)) == "FORBIDDEN"
    assert refusal(await academy.by_system(command)) == "USER_NOT_FOUND"


async def test_who_operates_the_platform_may_do_what_it_may(academy: Academy) -> None:
    operator = UserId("operator:root")
    created = CreateUser("boss@example.org", "New", "Boss", UserRole.SUPER_ADMIN)
    boss = done(await academy.by(operator, SYSTEM.role, created))
    done(await academy.by(operator, SYSTEM.role, DeactivateUser(boss, "spam")))


async def test_a_super_admin_does_not_go_alone(academy: Academy) -> None:
    boss = await academy.create("boss@example.org", UserRole.SUPER_ADMIN)
    assert refusal(await academy.by(boss, "super_admin", DeleteUser(boss))) == "FORBIDDEN"
    done(await academy.by(NOBODY, "super_admin", DeleteUser(boss)))


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501])
async def test_who_is_let_in_no_more_is_told_why(academy: Academy, reason: str) -> None:
    assert refusal(await academy.by_system(DeactivateUser(NOBODY, reason))) == "INVALID_REASON"
