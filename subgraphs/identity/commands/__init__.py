"""What identity can be asked to do.

accounts  sign up, or have an account made
login     prove who one is
changes   another profile, status or role
storing   the end of each: the user is stored, what happened is published
"""

from subgraphs.contracts.identity import STAFF_ROLES, Role
from subgraphs.identity.commands.accounts import CreateUser, RegisterUser, Registration, create_user
from subgraphs.identity.commands.changes import (
    ActivateUser,
    ChangeUserRole,
    UpdateProfile,
    activate_user,
    change_user_role,
    update_profile,
)
from subgraphs.identity.commands.login import Login, LoginWithPassword
from subgraphs.identity.passwords import PasswordHasher
from subgraphs.identity.tokens import TokenIssuer
from subgraphs.kernel.application.buses import CommandBus
from subgraphs.kernel.application.policies import anyone, authenticated, has_role
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.limits.limits import Limited
from subgraphs.kernel.limits.rules import SIGN_INS
from subgraphs.kernel.store.database import Database

__all__ = [
    "ActivateUser",
    "ChangeUserRole",
    "CreateUser",
    "Login",
    "RegisterUser",
    "UpdateProfile",
    "register_commands",
]


def register_commands(
    bus: CommandBus, *, database: Database, passwords: PasswordHasher, tokens: TokenIssuer
) -> None:
    """Who handles each command, and who may give it."""
    registration, login = Registration(passwords), LoginWithPassword(database, passwords, tokens)
    admins = has_role(Role.ADMIN, Role.SUPER_ADMIN)
    sign_ins = (Limited(SIGN_INS, by=_email),)
    bus.register_prepared(
        RegisterUser, registration.prepare, registration.handle, allow=anyone, limits=sign_ins
    )
    bus.register_prepared(
        Login, login.prepare, login.handle, allow=anyone, is_remembered=False, limits=sign_ins
    )
    bus.register(UpdateProfile, update_profile, allow=authenticated)
    bus.register(CreateUser, create_user, allow=admins)
    bus.register(ActivateUser, activate_user, allow=has_role(*STAFF_ROLES))
    bus.register(ChangeUserRole, change_user_role, allow=admins)


def _email(command: Login | RegisterUser, _: RequestContext) -> str:
    """Of whom, and for what: who has forgotten the password may still sign up."""
    return f"{command.email.strip().lower()}:{type(command).__name__}"
