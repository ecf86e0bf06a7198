"""The rules of users."""

from datetime import UTC, datetime
from typing import Any

import pytest

from subgraphs.contracts.identity import Role
from subgraphs.identity.domain import (
    Email,
    Password,
    PasswordHash,
    SetTo,
    User,
    UserActivated,
    UserCreated,
    UserId,
    UserProfile,
    UserProfileUpdated,
    UserRegistered,
    UserRole,
    UserRoleChanged,
    UserStatus,
)
from subgraphs.kernel.domain import DomainError, Failure, Result, Success
from subgraphs.kernel.testing.scenario import given

ADA, EMAIL, PROFILE = UserId("ada"), Email("ada@example.org"), UserProfile("Ada", "Lovelace")
NOW, LATER = datetime(2025, 9, 1, tzinfo=UTC), datetime(2025, 9, 2, tzinfo=UTC)


def registered() -> User:
    return User.register(ADA, email=EMAIL, password_hash=PasswordHash("-"), profile=PROFILE, now=NOW)


def a(role: UserRole) -> User:
    return User.create(
        ADA,
        email=EMAIL,
        password_hash=PasswordHash("-"),
        profile=PROFILE,
        role=role,
        status=UserStatus.ACTIVE,
        now=NOW,
    )


def test_who_signs_up_is_a_pending_student() -> None:
    user = registered()
    assert (user.role, user.status) == (UserRole.STUDENT, UserStatus.PENDING_VERIFICATION)
    assert user.pull_events() == (
        UserCreated(ADA, EMAIL, PROFILE, UserRole.STUDENT, UserStatus.PENDING_VERIFICATION, NOW),
        UserRegistered(ADA, EMAIL),
    )


def test_who_is_taken_in_has_not_signed_up() -> None:
    events = a(UserRole.TUTOR).pull_events()
    assert events == (UserCreated(ADA, EMAIL, PROFILE, UserRole.TUTOR, UserStatus.ACTIVE, NOW),)


def test_a_pending_user_can_be_activated_once() -> None:
    user = given(registered()).when(lambda user: user.activate(LATER)).then(UserActivated(ADA))
    assert (user.status, user.updated_at) == (UserStatus.ACTIVE, LATER)
    given(user).when(lambda user: user.activate(LATER)).then_refused("USER_ALREADY_ACTIVE")


def test_an_active_user_can_have_another_role() -> None:
    user = (
        given(a(UserRole.STUDENT))
        .when(lambda user: user.change_role(UserRole.TUTOR, LATER, by_super_admin=False))
        .then(UserRoleChanged(ADA, UserRole.STUDENT, UserRole.TUTOR))
    )
    assert (user.role, user.updated_at) == (UserRole.TUTOR, LATER)


def test_only_an_active_user_and_only_another_role() -> None:
    def change(user: User) -> Result[None, DomainError]:
        return user.change_role(UserRole.TUTOR, LATER, by_super_admin=True)

    given(registered()).when(change).then_refused("USER_NOT_ACTIVE")
    given(a(UserRole.TUTOR)).when(change).then_refused("SAME_ROLE")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (UserRole.STAFF, UserRole.ADMIN),
        (UserRole.STAFF, UserRole.SUPER_ADMIN),
        (UserRole.ADMIN, UserRole.STAFF),
    ],
)
def test_only_a_super_admin_makes_and_unmakes_admins(old: UserRole, new: UserRole) -> None:
    given(a(old)).when(lambda user: user.change_role(new, LATER, by_super_admin=False)).then_refused(
        "FORBIDDEN"
    )
    given(a(old)).when(lambda user: user.change_role(new, LATER, by_super_admin=True)).then(
        UserRoleChanged(ADA, old, new)
    )


def test_a_profile_can_change_and_the_same_again_is_no_event() -> None:
    profile = UserProfile("Ada", "King", bio="Countess")
    user = (
        given(registered())
        .when(lambda user: user.update_profile(profile, LATER))
        .then(UserProfileUpdated(ADA, profile, LATER))
    )
    given(user).when(lambda user: user.update_profile(profile, LATER)).then()


@pytest.mark.parametrize(
    ("typed", "address"),
    [("  Ada@Example.ORG ", "ada@example.org"), ("a.b+c@sub.example.org", "a.b+c@sub.example.org")],
)
def test_an_email_is_one_however_it_is_typed(typed: str, address: str) -> None:
    assert Email.parse(typed) == Success(Email(address))


@pytest.mark.parametrize(
    "typed",
    ["", "ada", "ada@", "@example.org", "ada@example", "a da@example.org", "a@b@example.org", "ada@.org",
     "ada@a..org", "ada@example.org\nbcc: x@y.org", "ada\x00@example.org", "a" * 250 + "@a.org"],
)  # fmt: skip
def test_what_is_no_email(typed: str) -> None:
    assert _code(Email.parse(typed)) == ("INVALID_EMAIL", "email")


def test_a_long_line_is_no_email_and_is_known_quickly() -> None:
    assert _code(Email.parse("a@" + "a." * 1_000_000))[0] == "INVALID_EMAIL"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("short", "WEAK_PASSWORD"),
        ("aaaaaaaaaaaa", "WEAK_PASSWORD"),
        ("correct horse " * 6, "PASSWORD_TOO_LONG"),
        ("ü" * 36 + "x", "PASSWORD_TOO_LONG"),
        ("nul\0nul\0nul", "PASSWORD_TOO_LONG"),
    ],
)
def test_what_is_no_password(typed: str, code: str) -> None:
    assert _code(Password.choose(typed)) == (code, "password")


def test_a_password_may_have_72_bytes_and_is_never_shown() -> None:
    chosen = Password.choose("ü" * 35 + "x!")
    assert isinstance(chosen, Success)
    assert "ü" not in repr(chosen)


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"first_name": SetTo("  ")}, "INVALID_NAME", "firstName"),
        ({"last_name": SetTo("x" * 101)}, "INVALID_NAME", "lastName"),
        ({"last_name": SetTo("Love\nlace")}, "INVALID_NAME", "lastName"),
        ({"bio": SetTo("x" * 2_001)}, "INVALID_BIO", "bio"),
        ({"avatar_url": SetTo("javascript:alert(1)")}, "INVALID_AVATAR_URL", "avatarUrl"),
        ({"avatar_url": SetTo("https://")}, "INVALID_AVATAR_URL", "avatarUrl"),
        ({"avatar_url": SetTo("https://[")}, "INVALID_AVATAR_URL", "avatarUrl"),
        ({"bio": SetTo("a\0b")}, "INVALID_BIO", "bio"),
        ({"skills": SetTo(("",))}, "INVALID_SKILLS", "skills"),
        ({"skills": SetTo(("a\nb",))}, "INVALID_SKILLS", "skills"),
        ({"skills": SetTo(tuple(map(str, range(31))))}, "INVALID_SKILLS", "skills"),
    ],
)
def test_what_is_no_profile(change: dict[str, Any], code: str, field: str) -> None:
    assert _code(PROFILE.changed(**{**NOTHING, **change})) == (code, field)


def test_a_change_leaves_the_rest_as_it_is() -> None:
    full = UserProfile("Ada", "Lovelace", "Analyst", "https://example.org/ada.png", ("algebra",))
    assert full.changed(**NOTHING) == Success(full)
    assert full.changed(**{**NOTHING, "bio": SetTo(None), "skills": SetTo(("logic", "logic "))}) == Success(
        UserProfile("Ada", "Lovelace", None, "https://example.org/ada.png", ("logic",))
    )


def test_the_published_roles_are_the_domains() -> None:
    assert {role.name: role.value for role in Role} == {role.name: role.value for role in UserRole}


NOTHING: dict[str, Any] = dict.fromkeys(("first_name", "last_name", "bio", "avatar_url", "skills"))


def _code(result: Result[Any, DomainError]) -> tuple[str, str | None]:
    assert isinstance(result, Failure)
    return result.error.code, result.error.field
