"""The domain's enums as GraphQL types, imported from here so that Strawberry knows them in time."""

import strawberry

from subgraphs.identity.domain import UserRole, UserStatus

__all__ = ["UserRole", "UserStatus"]

strawberry.federation.enum(UserRole, description="What somebody is at the academy.", tags=["public"])
strawberry.federation.enum(
    UserStatus,
    description="How far somebody has come with us. Of who is DELETED there is an id, and nothing else.",
)
