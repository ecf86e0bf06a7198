"""What identity can be asked.

users     what everybody may know of people, and lists of them for the staff
accounts  what only some may know: addresses, settings, sessions
"""

from subgraphs.contracts.identity import STAFF_ROLES
from subgraphs.identity.queries.accounts import (
    CheckUserExists,
    PrivateByIds,
    PrivateView,
    SessionsAnswered,
    SessionsOf,
    SessionView,
    SettingsByIds,
    SettingsView,
    UserByEmail,
    check_user_exists,
    is_own,
    is_own_or_for_staff,
    private_by_ids,
    settings_by_ids,
    user_by_email,
)
from subgraphs.identity.queries.users import (
    Users,
    UsersByIds,
    UsersList,
    UserView,
    users,
    users_by_ids,
    users_list,
)
from subgraphs.kernel.application.buses import QueryBus
from subgraphs.kernel.application.policies import anyone, authenticated, has_role
from subgraphs.kernel.cache.answers import AnswerByKeys
from subgraphs.kernel.cache.cached import Cached
from subgraphs.kernel.domain import Clock

__all__ = [
    "CheckUserExists",
    "PrivateByIds",
    "PrivateView",
    "SessionView",
    "SessionsOf",
    "SettingsByIds",
    "SettingsView",
    "UserByEmail",
    "UserView",
    "Users",
    "UsersByIds",
    "UsersList",
    "is_own",
    "is_own_or_for_staff",
]


def register_queries(bus: QueryBus, *, cached_users: Cached[UserView], clock: Clock) -> None:
    """Who answers each query, and who may ask."""
    by_ids: AnswerByKeys[UsersByIds, tuple[UserView | None, ...], UserView] = AnswerByKeys(
        cached_users,
        keys=lambda query: query.ids,
        only=lambda _, ids: UsersByIds(tuple(ids)),
        split=lambda _, views: {view.id: view for view in views if view},
        join=lambda query, found: tuple(found.get(user_id) for user_id in query.ids),
    )
    staff = has_role(*STAFF_ROLES)
    bus.register(UsersByIds, users_by_ids, allow=anyone, cached=by_ids)
    bus.register(Users, users, allow=staff)
    bus.register(UsersList, users_list, allow=staff)
    bus.register(UserByEmail, user_by_email, allow=staff)
    bus.register(CheckUserExists, check_user_exists, allow=staff)
    bus.register(PrivateByIds, private_by_ids, allow=authenticated)
    bus.register(SettingsByIds, settings_by_ids, allow=authenticated)
    bus.register(SessionsOf, SessionsAnswered(clock), allow=authenticated)
