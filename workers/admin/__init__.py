"""Admin pages of master data."""

from workers.admin import (
    accounts,
    calendar,
    cameras,
    floor,
    invitations,
    keys,
    people,
    screens,
    sites,
    tasks,
)

__all__ = [
    "accounts",
    "calendar",
    "cameras",
    "floor",
    "invitations",
    "keys",
    "people",
    "screens",
    "sites",
    "tasks",
]
