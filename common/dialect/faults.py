"""What a database error means for the one who asked."""

from django.db import Error

POSTGRES_FULL = "53100"
# The second when SQLite opens a file on a disk that is full already: its index can't be made.
SQLITE_FULL = {"SQLITE_FULL", "SQLITE_IOERR_SHMSIZE"}


def is_disk_full(error: Error) -> bool:
    """Whether the database has no room left."""
    said_by_driver = error.__cause__
    return (
        getattr(said_by_driver, "sqlstate", "") == POSTGRES_FULL
        or getattr(said_by_driver, "sqlite_errorname", "") in SQLITE_FULL
    )
