"""Repeats a transaction that the database took back because it could not let two go on."""

import time
from collections.abc import Callable
from functools import wraps
from secrets import SystemRandom
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connection

TIMES = 4  # those who met once rarely meet again, after pauses of different length
PAUSE_S = 0.05  # the longest before the second try; it grows from one to the next
_REPEATABLE = {"40001", "40P01"}  # PostgreSQL: serialization failure, deadlock

_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")


def retried(do: Callable[_Given, _Result]) -> Callable[_Given, _Result]:
    """For a function that is one whole transaction and can be repeated with the same arguments.

    Inside another transaction it runs once: only the whole can be repeated.
    """

    @wraps(do)
    def repeating(*args: _Given.args, **kwargs: _Given.kwargs) -> _Result:
        tries = 1 if connection.in_atomic_block else TIMES
        for number in range(1, tries):
            try:
                return do(*args, **kwargs)
            except OperationalError as error:
                if getattr(error.__cause__, "sqlstate", "") not in _REPEATABLE:
                    raise
            time.sleep(SystemRandom().uniform(0, number * PAUSE_S))
        return do(*args, **kwargs)

    return repeating
