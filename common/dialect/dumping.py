"""The whole database as one file, taken while others write, and back."""

import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from django.db import connection
from psycopg.conninfo import make_conninfo

CONNECTING = ("dbname", "user", "host", "port", "sslmode", "sslrootcert", "sslcert", "sslkey")


class CopyError(Exception):
    """Says in one line why the database could not be copied."""


def copy_name() -> str:
    """What the file is called; it tells the kind of database."""
    return "database.sqlite3" if connection.vendor == "sqlite" else "database.dump"


def copy_out(file: Path) -> None:
    """All that is committed now. Writers go on meanwhile. Raises CopyError."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        try:
            with closing(sqlite3.connect(file)) as target:
                connection.connection.backup(target)  # in one step: of one moment, never begun anew
        except sqlite3.Error as error:
            raise CopyError(f"SQLite: {error}") from error
        return
    _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={file}")


def copy_in(file: Path) -> None:
    """Everything or nothing, into a database that is empty. Raises CopyError."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        try:
            with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as source:
                source.backup(connection.connection)
        except sqlite3.Error as error:
            raise CopyError(f"SQLite: {error}") from error
        return
    _run("pg_restore", "--single-transaction", "--no-owner", "--no-privileges", str(file))


def is_empty() -> bool:
    """Whether there is no table yet."""
    with connection.cursor() as cursor:
        return not connection.introspection.table_names(cursor)


def _run(program: str, *words: str) -> None:
    """A program of PostgreSQL's, on our database; the password is in no list of processes."""
    given = connection.get_connection_params()
    conninfo = make_conninfo("", **{name: given[name] for name in CONNECTING if name in given})
    environment = {**os.environ, "PGPASSWORD": str(given.get("password") or "")}
    command = [program, f"--dbname={conninfo}", *words]
    try:
        done = subprocess.run(  # noqa: S603 - words of our own
            command, env=environment, capture_output=True, text=True, check=False
        )
    except FileNotFoundError as error:
        raise CopyError(f"{program} is not installed; it comes with PostgreSQL.") from error
    if done.returncode:
        raise CopyError(f"{program}: {' '.join(done.stderr.split())[:500]}")
