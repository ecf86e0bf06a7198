"""Who may manage whom: a rule about two users, which belongs to neither."""

from typing import Final

from subgraphs.identity.domain.roles import UserRole

_RANKS: Final = {
    UserRole.STUDENT: 0,
    UserRole.TUTOR: 0,
    UserRole.STAFF: 1,
    UserRole.ADMIN: 2,
    UserRole.SUPER_ADMIN: 3,
}


def may_manage(manager: UserRole, user: UserRole) -> bool:
    """Whether one may look after accounts of a role: of those below, and a super admin of all."""
    return manager is UserRole.SUPER_ADMIN or (
        _RANKS[manager] >= _RANKS[UserRole.STAFF] and _RANKS[manager] > _RANKS[user]
    )


def may_create(manager: UserRole, role: UserRole) -> bool:
    """Whether one may make an account of a role: the staff take in students, admins the others below them."""
    if manager is UserRole.STAFF:
        return role is UserRole.STUDENT
    return may_manage(manager, role)
