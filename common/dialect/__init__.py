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
from common.dialect.dumping import CopyError, copy_in, copy_name, copy_out, is_empty
from common.dialect.faults import is_disk_full
from common.dialect.given import Row, Rows
from common.dialect.migrating import alone_in_migrating
from common.dialect.moving import insert, one_view, reserve_ids, stream
from common.dialect.partitions import drop_before, giving_way, lock_all, make_next_month, months
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
    delete_all,
    insert_missing,
    lock,
    raise_to,
    upsert,
)

__all__ = [
    "ALWAYS",
    "CopyError",
    "Corrected",
    "Merge",
    "Row",
    "Rows",
    "Totals",
    "alone_in_migrating",
    "assign",
    "copy_in",
    "copy_name",
    "copy_out",
    "corrected_last",
    "corrected_neighbours",
    "corrected_within",
    "count_up",
    "delete",
    "delete_all",
    "drop_before",
    "giving_way",
    "insert",
    "insert_missing",
    "is_disk_full",
    "is_empty",
    "last_before",
    "limit_patience",
    "lock",
    "lock_all",
    "make_next_month",
    "matching",
    "months",
    "one_view",
    "passing_by",
    "raise_to",
    "reserve_ids",
    "retried",
    "run_starts",
    "server",
    "stream",
    "totals",
    "upsert",
    "within",
]
