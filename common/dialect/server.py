"""What a PostgreSQL server says of itself."""

from typing import NamedTuple

from common.dialect.given import fetch, is_sqlite

# While one of them is off, a crash may take what was answered with it.
_DURABLE = ("fsync", "full_page_writes", "synchronous_commit")
_SETTINGS = (*_DURABLE, "max_connections")


class Server(NamedTuple):
    """Settings that are off although they keep what was answered, and how many may connect."""

    not_durable: list[str]
    max_connections: int


def server() -> Server | None:
    """As it is set for this database and role. None: there is no server."""
    if is_sqlite():
        return None
    asked = ", ".join(f"current_setting('{name}')" for name in _SETTINGS)
    ((*durable, most),) = fetch(f"SELECT {asked}", [])
    off = [name for name, value in zip(_DURABLE, durable, strict=True) if value == "off"]
    return Server(off, int(most))
