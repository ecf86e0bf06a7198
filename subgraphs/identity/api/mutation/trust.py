"""Signing up, in and out; proving an address; another password."""

# ruff: noqa: A002 -- an argument is named as in GraphQL: input
# Strawberry declares its decorators as Any when they are called with keywords.
# mypy: allow-untyped-decorators

import strawberry

from subgraphs.identity.api.inputs import (
    ConfirmEmailChangeInput,
    LoginInput,
    LoginWithProviderInput,
    LogoutInput,
    RefreshTokenInput,
    RegisterUserInput,
    RequestPasswordResetInput,
    ResetPasswordInput,
    VerifyEmailInput,
)
from subgraphs.identity.api.payloads import (
    ConfirmEmailChangePayload,
    LoginPayload,
    LogoutPayload,
    RefreshTokenPayload,
    RegisterUserPayload,
    RequestPasswordResetPayload,
    ResetPasswordPayload,
    VerifyEmailPayload,
)
from subgraphs.identity.api.user import HASHING, load_opened
from subgraphs.identity.commands import (
    ConfirmEmailChange,
    Login,
    LoginWithProvider,
    Logout,
    RefreshToken,
    RegisterUser,
    RequestPasswordReset,
    ResetPassword,
    TokenReused,
    Tokens,
    VerifyEmail,
)
from subgraphs.kernel.domain import Failure, Success
from subgraphs.kernel.graphql.context import Info
from subgraphs.kernel.graphql.errors import UserError


@strawberry.type
class TrustMutations:
    @strawberry.federation.mutation(directives=[HASHING], description="Sign up as a student.")
    async def register_user(self, info: Info, input: RegisterUserInput) -> RegisterUserPayload:
        command = RegisterUser(input.email, input.password, input.first_name, input.last_name)
        match await info.context.execute(command):
            case Success(user_id):
                user, account = await load_opened(info.context, user_id)
                return RegisterUserPayload(user=user, account=account)
            case Failure(error):
                return RegisterUserPayload(errors=[UserError.of(error)])

    @strawberry.federation.mutation(
        directives=[HASHING], description="Get an access token, and a refresh token for the next one."
    )
    async def login(self, info: Info, input: LoginInput) -> LoginPayload:
        return await _logged_in(info, Login(input.email, input.password))

    @strawberry.mutation(
        description="Log in by an account elsewhere (OpenID Connect), where the installation has a provider."
    )
    async def login_with_provider(self, info: Info, input: LoginWithProviderInput) -> LoginPayload:
        return await _logged_in(info, LoginWithProvider(input.code, input.code_verifier, input.nonce))

    @strawberry.mutation(
        description="Go on with a session. A refresh token that was shown before ends it: one of the two who "
        "have it is a thief."
    )
    async def refresh_token(self, info: Info, input: RefreshTokenInput) -> RefreshTokenPayload:
        refreshed = await info.context.execute(RefreshToken(input.refresh_token))
        if isinstance(refreshed, Failure):
            return RefreshTokenPayload(errors=[UserError.of(refreshed.error)])
        match refreshed.value:
            case TokenReused(error):
                return RefreshTokenPayload(errors=[UserError.of(error)])
            case Tokens() as tokens:
                user, account = await load_opened(info.context, tokens.access.user_id)
                return RefreshTokenPayload(
                    access_token=tokens.access.token,
                    expires_at=tokens.access.expires_at,
                    refresh_token=tokens.refresh_token,
                    user=user,
                    account=account,
                )

    @strawberry.mutation(description="End a session. Its last access token is good until it expires.")
    async def logout(self, info: Info, input: LogoutInput | None = None) -> LogoutPayload:
        match await info.context.execute(Logout(input.refresh_token if input else None)):
            case Success(session_id):
                return LogoutPayload(session_id=strawberry.ID(str(session_id)))
            case Failure(error):
                return LogoutPayload(errors=[UserError.of(error)])

    @strawberry.mutation(description="Show that one has got the mail, and that the address is one's own.")
    async def verify_email(self, info: Info, input: VerifyEmailInput) -> VerifyEmailPayload:
        match await info.context.execute(VerifyEmail(input.token)):
            case Success(user_id):
                user, account = await load_opened(info.context, user_id)
                return VerifyEmailPayload(user=user, account=account)
            case Failure(error):
                return VerifyEmailPayload(errors=[UserError.of(error)])

    @strawberry.mutation(
        description="Show that one has got the mail at one's new address: it takes the place of the old one."
    )
    async def confirm_email_change(
        self, info: Info, input: ConfirmEmailChangeInput
    ) -> ConfirmEmailChangePayload:
        match await info.context.execute(ConfirmEmailChange(input.token)):
            case Success(user_id):
                user, account = await load_opened(info.context, user_id)
                return ConfirmEmailChangePayload(user=user, account=account)
            case Failure(error):
                return ConfirmEmailChangePayload(errors=[UserError.of(error)])

    @strawberry.mutation(description="Have a mail sent with which one can choose another password.")
    async def request_password_reset(
        self, info: Info, input: RequestPasswordResetInput
    ) -> RequestPasswordResetPayload:
        match await info.context.execute(RequestPasswordReset(input.email)):
            case Success():
                return RequestPasswordResetPayload()
            case Failure(error):
                return RequestPasswordResetPayload(errors=[UserError.of(error)])

    @strawberry.federation.mutation(
        directives=[HASHING], description="Choose another password. All sessions end."
    )
    async def reset_password(self, info: Info, input: ResetPasswordInput) -> ResetPasswordPayload:
        match await info.context.execute(ResetPassword(input.token, input.new_password)):
            case Success(user_id):
                user, account = await load_opened(info.context, user_id)
                return ResetPasswordPayload(user=user, account=account)
            case Failure(error):
                return ResetPasswordPayload(errors=[UserError.of(error)])


async def _logged_in(info: Info, command: Login | LoginWithProvider) -> LoginPayload:
    match await info.context.execute(command):
        case Success(tokens):
            user, account = await load_opened(info.context, tokens.access.user_id)
            return LoginPayload(
                access_token=tokens.access.token,
                expires_at=tokens.access.expires_at,
                refresh_token=tokens.refresh_token,
                user=user,
                account=account,
            )
        case Failure(error):
            return LoginPayload(errors=[UserError.of(error)])
