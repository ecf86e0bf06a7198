"""Things that people were told."""

# Strawberry declares its decorators as Any when they are called with keywords.
# mypy: allow-untyped-decorators

from collections.abc import Sequence
from datetime import datetime
from typing import Self

import strawberry

from subgraphs.kernel.graphql.context import GraphQLContext, Info
from subgraphs.kernel.graphql.schema import Representation
from subgraphs.notification.api.enums import Category, Channel, Template
from subgraphs.notification.queries import NotificationsByIds, NotificationView, PreferencesView


@strawberry.federation.type(keys=["id"], description="Something that a user was told.")
class Notification:
    id: strawberry.ID
    template: Template
    category: Category
    subject: str = strawberry.federation.field(
        tags=["personal-data"], description="A line that says the most important."
    )
    text: str | None = strawberry.federation.field(
        tags=["personal-data"], description="All of it; null when it is not kept, as what opens an account."
    )
    created_at: datetime
    read_at: datetime | None
    is_read: bool

    @classmethod
    def of(cls, view: NotificationView) -> Self:
        return cls(
            id=strawberry.ID(view.id),
            template=view.template,
            category=view.category,
            subject=view.subject,
            text=view.text,
            created_at=view.created_at,
            read_at=view.read_at,
            is_read=view.read_at is not None,
        )

    @classmethod
    async def resolve_references(cls, info: Info, keys: Sequence[Representation]) -> Sequence[Self | None]:
        """One's own, and for the staff everybody's."""
        found = await info.context.ask(NotificationsByIds(tuple(str(key.get("id")) for key in keys)))
        return [cls.of(found[id_]) if (id_ := str(key.get("id"))) in found else None for key in keys]


@strawberry.type(description="By which channels somebody wants to hear of what.")
class ChannelsOfCategory:
    category: Category
    channels: list[Channel]
    is_mandatory: bool = strawberry.field(description="Whether mails cannot be turned off.")


@strawberry.type(description="What somebody wishes to hear, and where.")
class NotificationPreferences:
    categories: list[ChannelsOfCategory]
    phone_number: str | None = strawberry.federation.field(tags=["personal-data"])
    device_count: int = strawberry.field(description="How many devices get pushes.")

    @classmethod
    def of(cls, view: PreferencesView) -> Self:
        return cls(
            categories=[
                ChannelsOfCategory(
                    category=category,
                    channels=sorted(view.wishes[category]),
                    is_mandatory=category.is_mandatory,
                )
                for category in Category
            ],
            phone_number=view.phone,
            device_count=view.device_count,
        )


async def load_notifications(context: GraphQLContext, ids: list[str]) -> list[Notification | None]:
    """Notifications by id; None for those that the asker may not see."""
    found = await context.ask(NotificationsByIds(tuple(ids)))
    return [Notification.of(found[one]) if one in found else None for one in ids]
