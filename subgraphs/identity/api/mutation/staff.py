"""What the staff do about others."""

# ruff: noqa: A002 -- an argument is named as in GraphQL: input
# Strawberry declares its decorators as Any when they are called with keywords.
# mypy: allow-untyped-decorators

from typing import Final

import strawberry

from subgraphs.contracts.scopes import ROLES_MANAGE
from subgraphs.identity.api.inputs import (
    ActivateUserInput,
    ChangeUserRoleInput,
    CreateUserInput,
    DeactivateUserInput,
)
from subgraphs.identity.api.payloads import (
    ActivateUserPayload,
    ChangeUserRolePayload,
    CreateUserPayload,
    DeactivateUserPayload,
)
from subgraphs.identity.api.user import FOR_STAFF, load_user
from subgraphs.identity.commands import ActivateUser, ChangeUserRole, CreateUser, DeactivateUser
from subgraphs.identity.domain import UserId
from subgraphs.kernel.domain import Failure, Success
from subgraphs.kernel.graphql.context import Info
from subgraphs.kernel.graphql.errors import UserError

_FOR_ADMINS: Final = [[ROLES_MANAGE]]


@strawberry.type
class StaffMutations:
    @strawberry.federation.mutation(
        requires_scopes=FOR_STAFF,
        description="Make an account for somebody, who chooses a password by `requestPasswordReset`: the "
        "staff for students, admins for tutors and the staff as well.",
    )
    async def create_user(self, info: Info, input: CreateUserInput) -> CreateUserPayload:
        command = CreateUser(input.email, input.first_name, input.last_name, input.role)
        match await info.context.execute(command):
            case Success(user_id):
                return CreateUserPayload(user=await load_user(info.context, user_id))
            case Failure(error):
                return CreateUserPayload(errors=[UserError.of(error)])

    @strawberry.federation.mutation(
        requires_scopes=FOR_STAFF, description="Let somebody in who is pending or was deactivated."
    )
    async def activate_user(self, info: Info, input: ActivateUserInput) -> ActivateUserPayload:
        match await info.context.execute(ActivateUser(UserId(input.user_id))):
            case Success(user_id):
                return ActivateUserPayload(user=await load_user(info.context, user_id))
            case Failure(error):
                return ActivateUserPayload(errors=[UserError.of(error)])

    @strawberry.federation.mutation(
        requires_scopes=FOR_STAFF, description="Let somebody in no more. Their sessions end."
    )
    async def deactivate_user(self, info: Info, input: DeactivateUserInput) -> DeactivateUserPayload:
        match await info.context.execute(DeactivateUser(UserId(input.user_id), input.reason)):
            case Success(user_id):
                return DeactivateUserPayload(user=await load_user(info.context, user_id))
            case Failure(error):
                return DeactivateUserPayload(errors=[UserError.of(error)])

    @strawberry.federation.mutation(requires_scopes=_FOR_ADMINS, description="Give somebody another role.")
    async def change_user_role(self, info: Info, input: ChangeUserRoleInput) -> ChangeUserRolePayload:
        match await info.context.execute(ChangeUserRole(UserId(input.user_id), input.role)):
            case Success(user_id):
                return ChangeUserRolePayload(user=await load_user(info.context, user_id))
            case Failure(error):
                return ChangeUserRolePayload(errors=[UserError.of(error)])
