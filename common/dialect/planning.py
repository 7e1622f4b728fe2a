"""What keeps a database from choosing the wrong index."""

from django.db.models import F
from django.db.models.expressions import Combinable

from common.dialect.given import is_sqlite


def passing_by(column: str) -> Combinable:
    """A column for conditions that rows are to be looked at for as they pass by.

    SQLite knows nothing of how many rows a value has: it takes any index that fits, and then sorts
    what it found, all of it. PostgreSQL counts, and chooses well by itself.
    """
    return F(column) + 0 if is_sqlite() else F(column)
