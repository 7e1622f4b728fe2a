"""How long a process's statements may take and wait."""

from collections.abc import Mapping

from django.db import connection

from common.dialect.given import is_sqlite


def limit_patience(limits_ms: Mapping[str, int]) -> None:
    """From the next connection on, PostgreSQL keeps to these limits, by their names there.

    For the server: somebody waits for its answers. Commands take the time that they need. SQLite
    waits for its one writer as long as settings say, everywhere.
    """
    if is_sqlite():
        return
    options = connection.settings_dict["OPTIONS"]  # one and the same for all threads
    words = (f"-c {name}={value}" for name, value in limits_ms.items())
    options["options"] = " ".join([*options.get("options", "").split(), *words])
