"""What identity can be asked to do."""

from dataclasses import dataclass, field

from subgraphs.contracts import identity as contract
from subgraphs.identity import domain
from subgraphs.identity.domain import (
    EMAIL_TAKEN,
    INVALID_CREDENTIALS,
    USER_NOT_FOUND,
    Email,
    Password,
    PasswordHash,
    SetTo,
    User,
    UserId,
    UserProfile,
    UserRole,
    UserStatus,
)
from subgraphs.identity.passwords import PasswordHasher
from subgraphs.identity.repository import UserRepository
from subgraphs.identity.tokens import AccessToken, TokenIssuer
from subgraphs.kernel.application.buses import CommandBus
from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.policies import anyone, authenticated, has_role
from subgraphs.kernel.application.request import SYSTEM, UNAUTHENTICATED, RequestContext
from subgraphs.kernel.domain import DomainError, Failure, Result, Success
from subgraphs.kernel.store.database import Database
from subgraphs.kernel.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class RegisterUser(Command[UserId]):
    """Sign up."""

    email: str
    password: str = field(repr=False)
    first_name: str
    last_name: str


@dataclass(frozen=True, slots=True)
class CreateUser(Command[UserId]):
    """Make an account for somebody whose password is known as a hash only."""

    email: str
    password_hash: PasswordHash
    first_name: str
    last_name: str
    role: UserRole
    bio: str | None = None
    avatar_url: str | None = None
    skills: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Login(Command[AccessToken]):
    """Prove who one is."""

    email: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class UpdateProfile(Command[UserId]):
    """Change one's own profile."""

    first_name: SetTo[str] | None = None
    last_name: SetTo[str] | None = None
    bio: SetTo[str | None] | None = None
    avatar_url: SetTo[str | None] | None = None
    skills: SetTo[tuple[str, ...]] | None = None


@dataclass(frozen=True, slots=True)
class ActivateUser(Command[UserId]):
    """Take a pending user in."""

    user_id: UserId


@dataclass(frozen=True, slots=True)
class ChangeUserRole(Command[UserId]):
    """Make somebody a tutor, a member of the staff, ..."""

    user_id: UserId
    role: UserRole


def register_commands(
    bus: CommandBus, *, database: Database, passwords: PasswordHasher, tokens: TokenIssuer
) -> None:
    """Who handles each command, and who may give it."""
    registration, login = Registration(passwords), LoginWithPassword(database, passwords, tokens)
    admins = has_role(contract.Role.ADMIN, contract.Role.SUPER_ADMIN)
    bus.register_prepared(RegisterUser, registration.prepare, registration.handle, allow=anyone)
    bus.register_prepared(Login, login.prepare, login.handle, allow=anyone)
    bus.register(UpdateProfile, update_profile, allow=authenticated)
    bus.register(CreateUser, create_user, allow=admins)
    bus.register(ActivateUser, activate_user, allow=has_role(*contract.STAFF_ROLES))
    bus.register(ChangeUserRole, change_user_role, allow=admins)


@dataclass(frozen=True, slots=True)
class _NewUser:
    email: Email
    password_hash: PasswordHash
    profile: UserProfile


@dataclass(frozen=True, slots=True)
class Registration:
    """Handles RegisterUser."""

    passwords: PasswordHasher

    async def prepare(self, command: RegisterUser, _: RequestContext) -> Result[_NewUser, DomainError]:
        """Check the input, then hash the password: the slow part comes last and outside the transaction."""
        email = Email.parse(command.email)
        if isinstance(email, Failure):
            return email
        password = Password.choose(command.password)
        if isinstance(password, Failure):
            return password
        profile = UserProfile.of(command.first_name, command.last_name)
        if isinstance(profile, Failure):
            return profile
        return Success(_NewUser(email.value, await self.passwords.hash(password.value), profile.value))

    async def handle(
        self, _: RegisterUser, new: _NewUser, work: UnitOfWork, request: RequestContext
    ) -> Result[UserId, DomainError]:
        user = User.register(
            UserId.new(work.ids),
            email=new.email,
            password_hash=new.password_hash,
            profile=new.profile,
            now=work.now,
        )
        return await _add(user, work)


@dataclass(frozen=True, slots=True)
class LoginWithPassword:
    """Handles Login. Neither the answer nor its time says whether the email or the password was wrong."""

    database: Database
    passwords: PasswordHasher
    tokens: TokenIssuer

    async def prepare(self, command: Login, _: RequestContext) -> Result[UserId, DomainError]:
        email = Email.parse(command.email)
        user = None
        if isinstance(email, Success):
            async with self.database.read() as connection:
                user = await UserRepository(connection).by_email(email.value)
        verified = await self.passwords.verify(command.password, user.password_hash if user else None)
        return Success(user.id) if user and verified else Failure(INVALID_CREDENTIALS)

    async def handle(
        self, _: Login, user_id: UserId, work: UnitOfWork, request: RequestContext
    ) -> Result[AccessToken, DomainError]:
        user = await UserRepository(work.connection).get(user_id)
        return Success(self.tokens.issue(user.id, user.role)) if user else Failure(INVALID_CREDENTIALS)


async def create_user(
    command: CreateUser, work: UnitOfWork, _: RequestContext
) -> Result[UserId, DomainError]:
    email = Email.parse(command.email)
    if isinstance(email, Failure):
        return email
    profile = UserProfile.of(
        command.first_name,
        command.last_name,
        bio=command.bio,
        avatar_url=command.avatar_url,
        skills=command.skills,
    )
    if isinstance(profile, Failure):
        return profile
    user = User.create(
        UserId.new(work.ids),
        email=email.value,
        password_hash=command.password_hash,
        profile=profile.value,
        role=command.role,
        status=UserStatus.ACTIVE,
        now=work.now,
    )
    return await _add(user, work)


async def update_profile(
    command: UpdateProfile, work: UnitOfWork, request: RequestContext
) -> Result[UserId, DomainError]:
    if request.actor is None:
        return Failure(UNAUTHENTICATED)
    user = await UserRepository(work.connection).get(UserId(request.actor.id))
    if user is None:
        return Failure(USER_NOT_FOUND)
    profile = user.profile.changed(
        first_name=command.first_name,
        last_name=command.last_name,
        bio=command.bio,
        avatar_url=command.avatar_url,
        skills=command.skills,
    )
    if isinstance(profile, Failure):
        return profile
    return await _save(user, user.update_profile(profile.value, work.now), work)


async def activate_user(
    command: ActivateUser, work: UnitOfWork, _: RequestContext
) -> Result[UserId, DomainError]:
    user = await UserRepository(work.connection).get(command.user_id)
    return await _save(user, user.activate(work.now), work) if user else Failure(USER_NOT_FOUND)


async def change_user_role(
    command: ChangeUserRole, work: UnitOfWork, request: RequestContext
) -> Result[UserId, DomainError]:
    user = await UserRepository(work.connection).get(command.user_id)
    if user is None:
        return Failure(USER_NOT_FOUND)
    by_super_admin = request.actor is not None and request.actor.role in (SYSTEM.role, UserRole.SUPER_ADMIN)
    return await _save(user, user.change_role(command.role, work.now, by_super_admin=by_super_admin), work)


async def _add(user: User, work: UnitOfWork) -> Result[UserId, DomainError]:
    if not await UserRepository(work.connection).add(user):
        return Failure(EMAIL_TAKEN)
    _publish(user, work)
    return Success(user.id)


async def _save(user: User, done: Result[None, DomainError], work: UnitOfWork) -> Result[UserId, DomainError]:
    if isinstance(done, Failure):
        return done
    await UserRepository(work.connection).save(user)
    _publish(user, work)
    return Success(user.id)


def _publish(user: User, work: UnitOfWork) -> None:
    """Tell the other contexts what concerns them of what the user has just done."""
    for event in user.pull_events():
        match event:
            case domain.UserCreated():
                work.publish(
                    contract.UserCreated(
                        user_id=str(event.user_id),
                        email=event.email.value,
                        first_name=event.profile.first_name,
                        last_name=event.profile.last_name,
                        role=contract.Role(event.role),
                        status=event.status.value,
                        created_at=event.created_at,
                    ),
                    key=str(user.id),
                )
            case domain.UserRegistered():
                work.publish(
                    contract.UserRegistered(user_id=str(event.user_id), email=event.email.value),
                    key=str(user.id),
                )
            case domain.UserProfileUpdated():
                work.publish(
                    contract.UserUpdated(
                        user_id=str(event.user_id),
                        first_name=event.profile.first_name,
                        last_name=event.profile.last_name,
                        updated_at=event.updated_at,
                    ),
                    key=str(user.id),
                )
            case domain.UserRoleChanged():
                work.publish(
                    contract.UserRoleChanged(
                        user_id=str(event.user_id),
                        old_role=contract.Role(event.old_role),
                        new_role=contract.Role(event.new_role),
                    ),
                    key=str(user.id),
                )
