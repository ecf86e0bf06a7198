"""Accounts: the rules."""

from dataclasses import dataclass
from datetime import datetime

from subgraphs.identity.domain.credentials import (
    Email,
    PasswordHash,
    PersonName,
    SecretHash,
    SessionId,
    UserId,
)
from subgraphs.identity.domain.errors import (
    ACCOUNT_DEACTIVATED,
    ADMIN_ROLE_NEEDS_SUPER_ADMIN,
    ALREADY_ACTIVE,
    ALREADY_DEACTIVATED,
    ALREADY_VERIFIED,
    INVALID_TOKEN,
    NOT_ACTIVE,
    SAME_EMAIL,
    SAME_ROLE,
)
from subgraphs.identity.domain.events import (
    PasswordChanged,
    UserActivated,
    UserCreated,
    UserDeactivated,
    UserDeleted,
    UserRegistered,
    UserRoleChanged,
    UserUpdated,
    UserVerified,
)
from subgraphs.identity.domain.one_time_token import EmailChange, OneTimeToken
from subgraphs.identity.domain.roles import Origin, UserRole, UserStatus
from subgraphs.kernel.domain import AggregateRoot, DomainError, Failure, Result, Success

_NOBODY = PersonName("Deleted", "user")


@dataclass(eq=False, kw_only=True)
class User(AggregateRoot[UserId]):
    """One person's account. Who has no password has not chosen one yet.

    There is one outstanding token of each kind at most: who asks for another one takes the last one back.
    """

    email: Email
    password_hash: PasswordHash | None
    person: PersonName
    role: UserRole
    status: UserStatus
    created_at: datetime
    updated_at: datetime
    subscription_id: str | None = None
    verification: OneTimeToken | None = None
    password_reset: OneTimeToken | None = None
    email_change: EmailChange | None = None

    @classmethod
    def register(
        cls,
        user_id: UserId,
        *,
        email: Email,
        password_hash: PasswordHash,
        person: PersonName,
        now: datetime,
    ) -> "User":
        """Somebody signs up: a student, until the address is verified a pending one."""
        user = cls.create(
            user_id,
            email=email,
            password_hash=password_hash,
            person=person,
            role=UserRole.STUDENT,
            origin=Origin.REGISTERED,
            now=now,
        )
        user.raise_(UserRegistered(user_id, email))
        return user

    @classmethod
    def create(
        cls,
        user_id: UserId,
        *,
        email: Email,
        password_hash: PasswordHash | None,
        person: PersonName,
        role: UserRole,
        origin: Origin,
        now: datetime,
    ) -> "User":
        """There is an account. Who signed up is pending; whose account was made for them is known already."""
        is_known = origin is not Origin.REGISTERED
        status = UserStatus.ACTIVE if is_known else UserStatus.PENDING_VERIFICATION
        user = cls(
            id=user_id,
            email=email,
            password_hash=password_hash,
            person=person,
            role=role,
            status=status,
            created_at=now,
            updated_at=now,
        )
        user.raise_(UserCreated(user_id, email, person, role, status, origin, now))
        return user

    @property
    def may_log_in(self) -> bool:
        return self.status in (UserStatus.PENDING_VERIFICATION, UserStatus.ACTIVE)

    def update(
        self, now: datetime, *, person: PersonName | None = None, email: Email | None = None
    ) -> Result[None, DomainError]:
        """Be called otherwise, or be somewhere else; the same again is no event.

        Whatever was mailed to the old address opens nothing any more.
        """
        found = (("name", person, self.person), ("email", email, self.email))
        changes = tuple(what for what, new, old in found if new is not None and new != old)
        self.person, self.email = person or self.person, email or self.email
        if "email" in changes:
            self._forget_mails()
        return self._changed(changes, now)

    def may_have(self, email: Email) -> Result[None, DomainError]:
        """Whether it can become the address. ACCOUNT_DEACTIVATED, SAME_EMAIL."""
        if not self.may_log_in:
            return Failure(ACCOUNT_DEACTIVATED)
        return Failure(SAME_EMAIL) if email == self.email else Success(None)

    def expect_email_change(self, change: EmailChange) -> Result[None, DomainError]:
        """A mail with this token is on its way to the new address. Refused as by `may_have`."""
        allowed = self.may_have(change.email)
        if isinstance(allowed, Success):
            self.email_change = change
        return allowed

    def confirm_email_change(self, shown: SecretHash, now: datetime) -> Result[None, DomainError]:
        """Show to have got it: that is the address from now on, and verified. INVALID_TOKEN."""
        change, self.email_change = self.email_change, None
        if change is None or not change.token.matches(shown, now) or not self.may_log_in:
            return Failure(INVALID_TOKEN)
        if self.status is UserStatus.PENDING_VERIFICATION:
            self._verified(now)
        return self.update(now, email=change.email)

    def subscribe(self, subscription_id: str, now: datetime) -> Result[None, DomainError]:
        """Have paid for a subscription; for the same one again is no event."""
        changes = () if subscription_id == self.subscription_id else ("subscription",)
        self.subscription_id = subscription_id
        return self._changed(changes, now)

    def expect_verification(self, token: OneTimeToken) -> Result[None, DomainError]:
        """A mail with this token is on its way. EMAIL_ALREADY_VERIFIED."""
        if self.status is not UserStatus.PENDING_VERIFICATION:
            return Failure(ALREADY_VERIFIED)
        self.verification = token
        return Success(None)

    def verify_email(self, shown: SecretHash, now: datetime) -> Result[None, DomainError]:
        """Show to have got it. INVALID_TOKEN."""
        token, self.verification = self.verification, None
        if (
            token is None
            or not token.matches(shown, now)
            or self.status is not UserStatus.PENDING_VERIFICATION
        ):
            return Failure(INVALID_TOKEN)
        self._verified(now)
        return Success(None)

    def vouched_for(self, now: datetime) -> Result[None, DomainError]:
        """An identity provider says whose the address is. A password that was chosen by somebody who has not
        shown that may be anybody's: it is good no more."""
        if self.status is UserStatus.PENDING_VERIFICATION:
            self.password_hash = None
            self._verified(now)
        return Success(None)

    def expect_password_reset(self, token: OneTimeToken) -> Result[None, DomainError]:
        """A mail with this token is on its way. ACCOUNT_DEACTIVATED."""
        if not self.may_log_in:
            return Failure(ACCOUNT_DEACTIVATED)
        self.password_reset = token
        return Success(None)

    def reset_password(
        self, shown: SecretHash, password_hash: PasswordHash, now: datetime
    ) -> Result[None, DomainError]:
        """Show to have got it, and have another password. It verifies the address as well. INVALID_TOKEN."""
        token, self.password_reset = self.password_reset, None
        if token is None or not token.matches(shown, now) or not self.may_log_in:
            return Failure(INVALID_TOKEN)
        if self.status is UserStatus.PENDING_VERIFICATION:
            self._verified(now)
        return self.change_password(password_hash, now, session_id=None)

    def change_password(
        self, password_hash: PasswordHash, now: datetime, *, session_id: SessionId | None
    ) -> Result[None, DomainError]:
        """Have another password. Links to reset the old one are void."""
        self.password_hash, self.password_reset, self.updated_at = password_hash, None, now
        self.raise_(PasswordChanged(self.id, now, session_id))
        return Success(None)

    def activate(self, now: datetime) -> Result[None, DomainError]:
        """Let somebody in who is pending or was deactivated. USER_ALREADY_ACTIVE."""
        if self.status is UserStatus.ACTIVE:
            return Failure(ALREADY_ACTIVE)
        self.status, self.verification, self.updated_at = UserStatus.ACTIVE, None, now
        self.raise_(UserActivated(self.id, now))
        return Success(None)

    def deactivate(self, reason: str, now: datetime) -> Result[None, DomainError]:
        """Let somebody in no more. USER_ALREADY_DEACTIVATED."""
        if self.status is UserStatus.DEACTIVATED:
            return Failure(ALREADY_DEACTIVATED)
        self.status, self.updated_at = UserStatus.DEACTIVATED, now
        self._forget_mails()
        self.raise_(UserDeactivated(self.id, reason, now))
        return Success(None)

    def change_role(
        self, role: UserRole, now: datetime, *, by_super_admin: bool
    ) -> Result[None, DomainError]:
        """Give another role. USER_NOT_ACTIVE, SAME_ROLE, or FORBIDDEN where only a super admin may."""
        if self.status is not UserStatus.ACTIVE:
            return Failure(NOT_ACTIVE)
        if role is self.role:
            return Failure(SAME_ROLE)
        if (role.is_admin or self.role.is_admin) and not by_super_admin:
            return Failure(ADMIN_ROLE_NEEDS_SUPER_ADMIN)
        old_role, self.role, self.updated_at = self.role, role, now
        self.raise_(UserRoleChanged(self.id, old_role, role))
        return Success(None)

    def delete(self, now: datetime) -> Result[None, DomainError]:
        """Forget the person. The id stays, since others refer to it; the address is free again."""
        self.email, self.person = Email(f"{self.id}@deleted.invalid"), _NOBODY
        self.password_hash = self.subscription_id = None
        self._forget_mails()
        self.role, self.status, self.updated_at = UserRole.STUDENT, UserStatus.DELETED, now
        self.raise_(UserDeleted(self.id, now))
        return Success(None)

    def _forget_mails(self) -> None:
        self.verification = self.password_reset = self.email_change = None

    def _verified(self, now: datetime) -> None:
        self.status, self.verification, self.updated_at = UserStatus.ACTIVE, None, now
        self.raise_(UserVerified(self.id, now))

    def _changed(self, changes: tuple[str, ...], now: datetime) -> Result[None, DomainError]:
        if changes:
            self.updated_at = now
            self.raise_(UserUpdated(self.id, self.email, self.person, changes, now))
        return Success(None)
