"""All SQL text, and all that differs between SQLite and PostgreSQL.

Rows travel as tuples in the order of the named columns. Instants are whole milliseconds
(common.fields.InstantField), so nothing here converts a value. Every function costs a fixed number
of statements, however many rows it is given.
"""

from common.dialect.corrected import (
    Corrected,
    corrected_last,
    corrected_neighbours,
    corrected_within,
)
from common.dialect.faults import is_disk_full
from common.dialect.given import Row, Rows
from common.dialect.patience import limit_patience
from common.dialect.planning import passing_by
from common.dialect.reading import last_before, matching, run_starts, within
from common.dialect.retrying import retried
from common.dialect.server import server
from common.dialect.totals import ALWAYS, Totals, totals
from common.dialect.writing import (
    Merge,
    assign,
    count_up,
    delete,
    insert_missing,
    lock,
    raise_to,
    upsert,
)

__all__ = [
    "ALWAYS",
    "Corrected",
    "Merge",
    "Row",
    "Rows",
    "Totals",
    "assign",
    "corrected_last",
    "corrected_neighbours",
    "corrected_within",
    "count_up",
    "delete",
    "insert_missing",
    "is_disk_full",
    "last_before",
    "limit_patience",
    "lock",
    "matching",
    "passing_by",
    "raise_to",
    "retried",
    "run_starts",
    "server",
    "totals",
    "upsert",
    "within",
]
