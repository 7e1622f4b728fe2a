"""How PostgreSQL lays rows down."""

from collections.abc import Callable
from typing import Any

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def fill_pages(percent: int, *models: str) -> Callable[[Apps, BaseDatabaseSchemaEditor], None]:
    """For a migration: from now on, new pages of these tables are filled so far.

    Beside a row that is changed again and again lies room for its next version. While there is,
    no index has to learn of it.
    """

    def alter(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor != "postgresql":
            return
        for name in models:
            model: Any = apps.get_model(name)
            table = editor.quote_name(model._meta.db_table)
            editor.execute(f"ALTER TABLE {table} SET (fillfactor = {percent})")

    return alter
