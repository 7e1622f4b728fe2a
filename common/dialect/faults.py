"""What a database error means for the one who asked."""

from django.db import DatabaseError


def is_disk_full(error: DatabaseError) -> bool:
    """Whether the database has no room left."""
    return getattr(error.__cause__, "sqlstate", "") == "53100" or "disk is full" in str(error)


def is_passing(error: DatabaseError) -> bool:
    """Whether trying again may help: busy, away, deadlocked, or without room."""
    return type(error).__name__ in ("OperationalError", "InterfaceError")
