"""How accounts come about: somebody signs up, or one is made for them."""

from dataclasses import dataclass, field

from subgraphs.identity.commands.storing import add_and_publish
from subgraphs.identity.domain import (
    Email,
    Origin,
    Password,
    PasswordHash,
    PersonName,
    User,
    UserId,
    UserRole,
)
from subgraphs.identity.domain.errors import NOT_YOURS_TO_MANAGE
from subgraphs.identity.domain.user_domain_service import may_create
from subgraphs.identity.passwords import PasswordHasher
from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.request import SYSTEM, RequestContext
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
    """Make an account for somebody: without a password, which they choose by a mail, or with one that is
    known as a hash only."""

    email: str
    first_name: str
    last_name: str
    role: UserRole
    password_hash: PasswordHash | None = field(default=None, repr=False)
    origin: Origin = Origin.INVITED


@dataclass(frozen=True, slots=True)
class _NewUser:
    email: Email
    password_hash: PasswordHash
    person: PersonName


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
        person = PersonName.of(command.first_name, command.last_name)
        if isinstance(person, Failure):
            return person
        return Success(_NewUser(email.value, await self.passwords.hash(password.value), person.value))

    async def handle(
        self, _: RegisterUser, new: _NewUser, work: UnitOfWork, request: RequestContext
    ) -> Result[UserId, DomainError]:
        user = User.register(
            UserId.new(work.ids),
            email=new.email,
            password_hash=new.password_hash,
            person=new.person,
            now=work.now,
        )
        return await add_and_publish(user, work)


async def create_user(
    command: CreateUser, work: UnitOfWork, request: RequestContext
) -> Result[UserId, DomainError]:
    """Handles CreateUser."""
    actor = request.actor
    if actor is None or not (actor.role == SYSTEM.role or may_create(UserRole(actor.role), command.role)):
        return Failure(NOT_YOURS_TO_MANAGE)
    email = Email.parse(command.email)
    if isinstance(email, Failure):
        return email
    person = PersonName.of(command.first_name, command.last_name)
    if isinstance(person, Failure):
        return person
    user = User.create(
        UserId.new(work.ids),
        email=email.value,
        password_hash=command.password_hash,
        person=person.value,
        role=command.role,
        origin=command.origin,
        now=work.now,
    )
    return await add_and_publish(user, work)
