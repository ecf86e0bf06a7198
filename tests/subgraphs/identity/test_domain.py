"""The rules of users."""

from datetime import UTC, datetime
from typing import Any

import pytest

from subgraphs.contracts import identity as contract
from subgraphs.identity import domain
from subgraphs.identity.domain import (
    Email,
    EmailChange,
    OneTimeToken,
    Origin,
    Password,
    PasswordChanged,
    PasswordHash,
    PersonName,
    Preferences,
    ProfileDetails,
    SecretHash,
    SessionId,
    SetTo,
    User,
    UserActivated,
    UserCreated,
    UserDeactivated,
    UserDeleted,
    UserId,
    UserProfile,
    UserProfileCreated,
    UserProfileUpdated,
    UserRegistered,
    UserRole,
    UserRoleChanged,
    UserSettings,
    UserSettingsCreated,
    UserSettingsUpdated,
    UserStatus,
    UserUpdated,
    UserVerified,
)
from subgraphs.identity.domain.user_domain_service import may_create, may_manage
from subgraphs.kernel.domain import DomainError, Failure, Result, Success
from subgraphs.kernel.testing.scenario import given

ADA, EMAIL, PERSON = UserId("ada"), Email("ada@example.org"), PersonName("Ada", "Lovelace")
PROFILE, HASH = ProfileDetails(PERSON), PasswordHash("-")
NOW, LATER = datetime(2025, 9, 1, tzinfo=UTC), datetime(2025, 9, 2, tzinfo=UTC)


TOKEN, SECRET = OneTimeToken(SecretHash("h"), LATER), SecretHash("h")


def registered() -> User:
    return User.register(ADA, email=EMAIL, password_hash=HASH, person=PERSON, now=NOW)


def a(role: UserRole, origin: Origin = Origin.INVITED) -> User:
    return User.create(ADA, email=EMAIL, password_hash=HASH, person=PERSON, role=role, origin=origin, now=NOW)


def test_who_signs_up_is_a_pending_student() -> None:
    user = registered()
    assert (user.role, user.status) == (UserRole.STUDENT, UserStatus.PENDING_VERIFICATION)
    pending = UserStatus.PENDING_VERIFICATION
    assert user.pull_events() == (
        UserCreated(ADA, EMAIL, PERSON, UserRole.STUDENT, pending, Origin.REGISTERED, NOW),
        UserRegistered(ADA, EMAIL),
    )


@pytest.mark.parametrize("origin", [Origin.INVITED, Origin.IMPORTED])
def test_who_is_taken_in_has_not_signed_up(origin: Origin) -> None:
    (event,) = a(UserRole.TUTOR, origin).pull_events()
    assert event == UserCreated(ADA, EMAIL, PERSON, UserRole.TUTOR, UserStatus.ACTIVE, origin, NOW)


def test_a_pending_user_can_be_activated_once() -> None:
    user = given(registered()).when(lambda user: user.activate(LATER)).then(UserActivated(ADA, LATER))
    assert (user.status, user.updated_at) == (UserStatus.ACTIVE, LATER)
    given(user).when(lambda user: user.activate(LATER)).then_refused("USER_ALREADY_ACTIVE")


def test_who_is_deactivated_may_not_log_in_until_activated() -> None:
    user = (
        given(a(UserRole.STUDENT))
        .when(lambda user: user.deactivate("spam", LATER))
        .then(UserDeactivated(ADA, "spam", LATER))
    )
    assert not user.may_log_in
    given(user).when(lambda user: user.deactivate("spam", LATER)).then_refused("USER_ALREADY_DEACTIVATED")
    given(user).when(lambda user: user.expect_password_reset(TOKEN)).then_refused("ACCOUNT_DEACTIVATED")
    given(user).when(lambda user: user.activate(LATER)).then(UserActivated(ADA, LATER))
    assert user.may_log_in


def test_an_address_is_verified_by_the_token_of_the_last_mail_once() -> None:
    user = registered()
    user.expect_verification(OneTimeToken(SecretHash("first"), LATER))
    user.expect_verification(TOKEN)
    given(user).when(lambda user: user.verify_email(SecretHash("first"), NOW)).then_refused("INVALID_TOKEN")
    user.expect_verification(TOKEN)
    given(user).when(lambda user: user.verify_email(SECRET, NOW)).then(UserVerified(ADA, NOW))
    assert user.status is UserStatus.ACTIVE
    given(user).when(lambda user: user.verify_email(SECRET, NOW)).then_refused("INVALID_TOKEN")
    given(user).when(lambda user: user.expect_verification(TOKEN)).then_refused("EMAIL_ALREADY_VERIFIED")


def test_a_token_is_good_until_it_expires() -> None:
    user = registered()
    user.expect_verification(TOKEN)
    given(user).when(lambda user: user.verify_email(SECRET, LATER)).then_refused("INVALID_TOKEN")


def test_a_password_is_reset_once_and_that_verifies_the_address() -> None:
    user, new = registered(), PasswordHash("new")
    user.expect_password_reset(TOKEN)
    given(user).when(lambda user: user.reset_password(SECRET, new, NOW)).then(
        UserVerified(ADA, NOW), PasswordChanged(ADA, NOW, None)
    )
    assert user.password_hash == new
    given(user).when(lambda user: user.reset_password(SECRET, HASH, NOW)).then_refused("INVALID_TOKEN")


def test_a_changed_password_makes_the_link_to_reset_it_void() -> None:
    user, session = a(UserRole.STUDENT), SessionId("s1")
    user.expect_password_reset(TOKEN)
    given(user).when(lambda user: user.change_password(HASH, NOW, session_id=session)).then(
        PasswordChanged(ADA, NOW, session)
    )
    given(user).when(lambda user: user.reset_password(SECRET, HASH, NOW)).then_refused("INVALID_TOKEN")


NEW_EMAIL = Email("king@example.org")


def test_a_new_address_takes_the_old_ones_place_once_its_mail_was_read() -> None:
    user = a(UserRole.STUDENT)
    user.expect_password_reset(TOKEN)
    given(user).when(lambda user: user.expect_email_change(EmailChange(NEW_EMAIL, TOKEN))).then()
    assert user.email == EMAIL
    given(user).when(lambda user: user.confirm_email_change(SECRET, NOW)).then(
        UserUpdated(ADA, NEW_EMAIL, PERSON, ("email",), NOW)
    )
    assert user.password_reset is None, "whoever reads the old mailbox opens nothing with what is there"
    given(user).when(lambda user: user.confirm_email_change(SECRET, NOW)).then_refused("INVALID_TOKEN")


def test_a_new_address_verifies_the_account_of_who_mistyped_the_first_one() -> None:
    user = registered()
    user.expect_verification(TOKEN)
    user.expect_email_change(EmailChange(NEW_EMAIL, TOKEN))
    given(user).when(lambda user: user.confirm_email_change(SECRET, NOW)).then(
        UserVerified(ADA, NOW), UserUpdated(ADA, NEW_EMAIL, PERSON, ("email",), NOW)
    )
    given(user).when(lambda user: user.verify_email(SECRET, NOW)).then_refused("INVALID_TOKEN")


def test_a_new_address_is_another_one_of_somebody_who_may_log_in_and_its_token_expires() -> None:
    user, change = a(UserRole.STUDENT), EmailChange(NEW_EMAIL, TOKEN)
    same = EmailChange(EMAIL, TOKEN)
    given(user).when(lambda user: user.expect_email_change(same)).then_refused("SAME_EMAIL")
    user.expect_email_change(change)
    given(user).when(lambda user: user.confirm_email_change(SECRET, LATER)).then_refused("INVALID_TOKEN")
    user.expect_email_change(change)
    user.deactivate("spam", NOW)
    given(user).when(lambda user: user.confirm_email_change(SECRET, NOW)).then_refused("INVALID_TOKEN")
    given(user).when(lambda user: user.expect_email_change(change)).then_refused("ACCOUNT_DEACTIVATED")


def test_what_was_mailed_to_an_address_opens_nothing_when_the_staff_corrects_it() -> None:
    user = registered()
    user.expect_verification(TOKEN)
    user.update(NOW, email=NEW_EMAIL)
    given(user).when(lambda user: user.verify_email(SECRET, NOW)).then_refused("INVALID_TOKEN")


def test_what_changes_about_an_account_is_told_and_the_same_again_is_no_event() -> None:
    user, name, email = a(UserRole.STUDENT), PersonName("Ada", "King"), Email("king@example.org")
    given(user).when(lambda user: user.update(LATER, person=name)).then(
        UserUpdated(ADA, EMAIL, name, ("name",), LATER)
    )
    given(user).when(lambda user: user.update(LATER, person=name, email=email)).then(
        UserUpdated(ADA, email, name, ("email",), LATER)
    )
    given(user).when(lambda user: user.update(LATER, person=name, email=email)).then()
    given(user).when(lambda user: user.subscribe("gold", LATER)).then(
        UserUpdated(ADA, email, name, ("subscription",), LATER)
    )
    given(user).when(lambda user: user.subscribe("gold", LATER)).then()


def test_who_is_deleted_is_forgotten_but_for_the_id() -> None:
    user = a(UserRole.TUTOR)
    user.subscribe("gold", NOW)
    user.expect_password_reset(TOKEN)
    given(user).when(lambda user: user.delete(LATER)).then(UserDeleted(ADA, LATER))
    assert "ovelace" not in repr(user)
    assert user.email == Email("ada@deleted.invalid")
    assert (user.password_hash, user.subscription_id, user.password_reset) == (None, None, None)
    assert not user.may_log_in


@pytest.mark.parametrize("manager", UserRole)
def test_one_manages_those_below_and_a_super_admin_all(manager: UserRole) -> None:
    managed = {
        UserRole.STUDENT: set[UserRole](),
        UserRole.TUTOR: set[UserRole](),
        UserRole.STAFF: {UserRole.STUDENT, UserRole.TUTOR},
        UserRole.ADMIN: {UserRole.STUDENT, UserRole.TUTOR, UserRole.STAFF},
        UserRole.SUPER_ADMIN: set(UserRole),
    }[manager]
    assert {role for role in UserRole if may_manage(manager, role)} == managed
    created = {UserRole.STUDENT} if manager is UserRole.STAFF else managed
    assert {role for role in UserRole if may_create(manager, role)} == created


def test_settings_are_everybodys_until_somebody_wants_otherwise() -> None:
    settings = UserSettings.create(ADA, NOW)
    assert settings.pull_events() == (UserSettingsCreated(ADA, Preferences(), NOW),)
    assert Preferences().time_zone == "UTC"
    wanted = Preferences.of("Europe/Berlin")
    assert isinstance(wanted, Success)
    given(settings).when(lambda settings: settings.update(wanted.value, LATER)).then(
        UserSettingsUpdated(ADA, wanted.value, LATER)
    )
    given(settings).when(lambda settings: settings.update(wanted.value, LATER)).then()


@pytest.mark.parametrize("name", ["", "Berlin/Europe", "../etc/passwd", "Europe", "x" * 65, "\0"])
def test_what_is_no_time_zone(name: str) -> None:
    assert _code(Preferences.of(name)) == ("INVALID_TIME_ZONE", "timeZone")


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
    profile, details = UserProfile.create(ADA, PROFILE, NOW), ProfileDetails(PERSON, bio="Countess")
    assert profile.pull_events() == (UserProfileCreated(ADA, PROFILE, NOW),)
    given(profile).when(lambda profile: profile.update(details, LATER)).then(
        UserProfileUpdated(ADA, details, LATER)
    )
    given(profile).when(lambda profile: profile.update(details, LATER)).then()


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("  Ada@Example.ORG ", "ada@example.org"),
        ("a.b+c@sub.example.org", "a.b+c@sub.example.org"),
        ("ada@\uff45\uff58ample.org", "ada@example.org"),
        ("a\u0308da@example.org", "\u00e4da@example.org"),
    ],
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
    assert _code(PROFILE.changed(**change)) == (code, field)


def test_a_change_leaves_the_rest_as_it_is() -> None:
    full = ProfileDetails(PERSON, "Analyst", "https://example.org/ada.png", ("algebra",))
    assert full.changed() == Success(full)
    assert full.changed(bio=SetTo(None), skills=SetTo(("logic", "logic "))) == Success(
        ProfileDetails(PERSON, None, "https://example.org/ada.png", ("logic",))
    )


def test_what_is_published_is_named_as_in_the_domain() -> None:
    for ours, published in ((UserRole, contract.Role), (domain.Origin, contract.Origin)):
        assert {one.name: one.value for one in ours} == {one.name: one.value for one in published}


def _code(result: Result[Any, DomainError]) -> tuple[str, str | None]:
    assert isinstance(result, Failure)
    return result.error.code, result.error.field
