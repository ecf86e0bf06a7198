"""How accounts come about: somebody signs up, or the academy makes one."""

from dataclasses import dataclass, field

from subgraphs.identity.commands.storing import add_and_publish
from subgraphs.identity.domain import (
    Email,
    Password,
    PasswordHash,
    User,
    UserId,
    UserProfile,
    UserRole,
    UserStatus,
)
from subgraphs.identity.passwords import PasswordHasher
from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import DomainError, Failure, Result, Success
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
        return await add_and_publish(user, work)


async def create_user(
    command: CreateUser, work: UnitOfWork, _: RequestContext
) -> Result[UserId, DomainError]:
    """Handles CreateUser."""
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
    return await add_and_publish(user, work)
