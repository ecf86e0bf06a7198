"""What identity can be asked to do.

accounts      sign up, or have an account made
verification  show that an email address is one's own
login         prove who one is, and get tokens for it
guard         not without end
external      prove it by an account elsewhere
sessions      go on, and end
proving       know one's own password
passwords     have another one
email_change  have another address
profiles      what somebody tells the others
settings      how somebody wants to be treated
management    what the staff do about accounts, and how one leaves
storing       the end of each: it is stored, and what happened is published
"""

from dataclasses import dataclass

from subgraphs.contracts.identity import STAFF_ROLES, Role
from subgraphs.identity.commands.accounts import CreateUser, RegisterUser, Registration, create_user
from subgraphs.identity.commands.email_change import (
    ConfirmEmailChange,
    RequestEmailChange,
    RequestingEmailChange,
    confirm_email_change,
)
from subgraphs.identity.commands.external import (
    AdoptUser,
    LoginByProvider,
    LoginWithProvider,
    adopt_user,
)
from subgraphs.identity.commands.guard import LoginGuard
from subgraphs.identity.commands.login import Login, LoginWithPassword, Tokens, VerifyUserCredentials
from subgraphs.identity.commands.management import (
    ActivateUser,
    ChangeUserRole,
    DeactivateUser,
    DeleteUser,
    UpdateUser,
    UpdateUserSubscription,
    activate_user,
    change_user_role,
    deactivate_user,
    delete_user,
    update_user,
    update_user_subscription,
)
from subgraphs.identity.commands.passwords import (
    ChangePassword,
    ChangingPassword,
    RequestPasswordReset,
    ResetPassword,
    ResettingPassword,
    request_password_reset,
)
from subgraphs.identity.commands.profiles import (
    CreateUserProfile,
    RenameProfile,
    UpdateBio,
    UpdateProfile,
    create_user_profile,
    rename_profile,
    update_bio,
    update_profile,
)
from subgraphs.identity.commands.proving import OwnPassword
from subgraphs.identity.commands.sessions import (
    Logout,
    Refreshing,
    RefreshToken,
    RevokeSession,
    TokenReused,
    logout,
    revoke_session,
)
from subgraphs.identity.commands.settings import (
    ProcessUserCreated,
    UpdateUserSettings,
    process_user_created,
    update_user_settings,
)
from subgraphs.identity.commands.verification import (
    RequestEmailVerification,
    VerifyEmail,
    request_email_verification,
    verify_email,
)
from subgraphs.identity.external.provider import IdentityProvider
from subgraphs.identity.passwords import PasswordHasher
from subgraphs.identity.tokens import TokenIssuer
from subgraphs.kernel.application.buses import CommandBus
from subgraphs.kernel.application.policies import anyone, authenticated, has_role
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import IdGenerator
from subgraphs.kernel.limits.limits import Limited
from subgraphs.kernel.limits.rules import MAILS, SIGN_INS
from subgraphs.kernel.store.database import Database

__all__ = [
    "ActivateUser",
    "ChangePassword",
    "ChangeUserRole",
    "ConfirmEmailChange",
    "CreateUser",
    "CreateUserProfile",
    "DeactivateUser",
    "DeleteUser",
    "Login",
    "LoginWithProvider",
    "Logout",
    "ProcessUserCreated",
    "RefreshToken",
    "RegisterUser",
    "RenameProfile",
    "RequestEmailChange",
    "RequestEmailVerification",
    "RequestPasswordReset",
    "ResetPassword",
    "RevokeSession",
    "TokenReused",
    "Tokens",
    "UpdateBio",
    "UpdateProfile",
    "UpdateUser",
    "UpdateUserSettings",
    "UpdateUserSubscription",
    "VerifyEmail",
]


@dataclass(frozen=True, slots=True)
class Tools:
    """What handlers work with besides their transaction."""

    database: Database
    passwords: PasswordHasher
    tokens: TokenIssuer
    guard: LoginGuard
    ids: IdGenerator
    provider: IdentityProvider | None


def register_commands(bus: CommandBus, tools: Tools) -> None:
    """Who handles each command, and who may give it how often."""
    _register_trust(bus, tools)
    staff, admins, system = has_role(*STAFF_ROLES), has_role(Role.ADMIN, Role.SUPER_ADMIN), has_role()
    bus.register(UpdateProfile, update_profile, allow=authenticated)
    bus.register(UpdateBio, update_bio, allow=authenticated)
    bus.register(UpdateUserSettings, update_user_settings, allow=authenticated)
    bus.register(UpdateUser, update_user, allow=authenticated)
    bus.register(DeleteUser, delete_user, allow=authenticated)
    bus.register(CreateUser, create_user, allow=staff)
    bus.register(ActivateUser, activate_user, allow=staff)
    bus.register(DeactivateUser, deactivate_user, allow=staff)
    bus.register(ChangeUserRole, change_user_role, allow=admins)
    bus.register(CreateUserProfile, create_user_profile, allow=system)
    bus.register(RenameProfile, rename_profile, allow=system)
    bus.register(ProcessUserCreated, process_user_created, allow=system)
    bus.register(UpdateUserSubscription, update_user_subscription, allow=system)


def _register_trust(bus: CommandBus, tools: Tools) -> None:
    """What visitors may do, and whatever has to do with secrets: its answers are not kept."""
    registration = Registration(tools.passwords)
    login = LoginWithPassword(
        tools.guard, VerifyUserCredentials(tools.database, tools.passwords), tools.tokens
    )
    own_password = OwnPassword(tools.database, tools.passwords, tools.guard)
    changing = ChangingPassword(own_password)
    resetting = ResettingPassword(tools.database, tools.passwords, tools.guard)
    moving = RequestingEmailChange(own_password)
    sign_ins = (Limited(SIGN_INS, by=_email),)
    bus.register_prepared(
        RegisterUser, registration.prepare, registration.handle, allow=anyone, limits=sign_ins
    )
    bus.register_prepared(
        Login, login.prepare, login.handle, allow=anyone, is_remembered=False, limits=sign_ins
    )
    by_provider = LoginByProvider(tools.provider, tools.tokens, bus, tools.ids)
    bus.register_prepared(
        LoginWithProvider, by_provider.prepare, by_provider.handle, allow=anyone, is_remembered=False
    )
    bus.register(AdoptUser, adopt_user, allow=has_role())
    bus.register(RefreshToken, Refreshing(tools.tokens).handle, allow=anyone, is_remembered=False)
    bus.register(Logout, logout, allow=anyone)
    bus.register(RevokeSession, revoke_session, allow=authenticated)
    bus.register(VerifyEmail, verify_email, allow=anyone)
    bus.register(
        RequestEmailVerification,
        request_email_verification,
        allow=authenticated,
        limits=(Limited(MAILS, by=_actor),),
    )
    bus.register_prepared(
        RequestEmailChange,
        moving.prepare,
        moving.handle,
        allow=authenticated,
        limits=(Limited(MAILS, by=_actor),),
    )
    bus.register(ConfirmEmailChange, confirm_email_change, allow=anyone)
    bus.register_prepared(ChangePassword, changing.prepare, changing.handle, allow=authenticated)
    bus.register(
        RequestPasswordReset,
        request_password_reset,
        allow=anyone,
        limits=(Limited(MAILS, by=_email),),
    )
    bus.register_prepared(ResetPassword, resetting.prepare, resetting.handle, allow=anyone)


def _email(command: Login | RegisterUser | RequestPasswordReset, _: RequestContext) -> str:
    """Of whom, and for what: who has forgotten the password may still sign up."""
    return f"{command.email.strip().lower()}:{type(command).__name__}"


def _actor(_: object, request: RequestContext) -> str | None:
    return request.actor_id
