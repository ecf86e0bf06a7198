"""The inputs of mutations, each of which is a command."""

import strawberry

from subgraphs.identity.api.roles import UserRole


@strawberry.input
class RegisterUserInput:
    email: str
    password: str = strawberry.field(description="8 characters or more, 72 bytes or less.")
    first_name: str
    last_name: str


@strawberry.input
class LoginInput:
    email: str
    password: str


@strawberry.input(description="What is left out stays as it is; null takes it away.")
class UpdateProfileInput:
    first_name: strawberry.Maybe[str]
    last_name: strawberry.Maybe[str]
    bio: strawberry.Maybe[str | None]
    avatar_url: strawberry.Maybe[str | None]
    skills: strawberry.Maybe[list[str]]


@strawberry.input
class ActivateUserInput:
    user_id: strawberry.ID


@strawberry.input
class ChangeUserRoleInput:
    user_id: strawberry.ID
    role: UserRole
