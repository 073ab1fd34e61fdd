"""Who may do what: roles as a table, never an if."""

from __future__ import annotations

import enum

from .vocabulary import Role


class Permission(enum.Enum):
    VIEW = "view"
    REVIEW = "review"
    EXPORT = "export"
    REVEAL = "reveal"
    APPROVE = "approve"
    SETTINGS = "settings"
    STAFF = "staff"
    AUDIT = "audit"
    ERASE = "erase"


_ADDED = {
    Role.VIEWER: {Permission.VIEW},
    Role.REVIEWER: {Permission.REVIEW, Permission.EXPORT, Permission.REVEAL},
    Role.APPROVER: {Permission.APPROVE},
    Role.ADMIN: {Permission.SETTINGS, Permission.STAFF, Permission.AUDIT, Permission.ERASE},
}

#: Each role has its own row and those of the roles before it.
ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    role: frozenset().union(*(_ADDED[lower] for lower in Role if lower.rank <= role.rank))
    for role in Role
}


def may(role: Role, permission: Permission) -> bool:
    return permission in ROLE_PERMISSIONS[role]
