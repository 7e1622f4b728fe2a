"""A transaction that the database took back because two waited for each other is tried again."""

from collections.abc import Callable

import pytest
from django.db import OperationalError

from common.dialect import retried, retrying


class Lost(Exception):
    """As the driver says that a transaction lost against another one."""

    sqlstate = "40P01"


def losing(times: int, *, sqlstate: str = "40P01") -> tuple[Callable[[], str], list[int]]:
    """Loses so often before it succeeds; and how often it was tried."""
    tries: list[int] = []

    def do() -> str:
        tries.append(1)
        if len(tries) <= times:
            lost = Lost()
            lost.sqlstate = sqlstate
            raise OperationalError from lost
        return "done"

    return retried(do), tries


@pytest.mark.django_db(transaction=True)
def test_what_loses_is_tried_again() -> None:
    do, _ = losing(retrying.TIMES - 1)
    assert do() == "done"


@pytest.mark.django_db(transaction=True)
def test_what_loses_every_time_fails() -> None:
    do, tries = losing(retrying.TIMES)
    with pytest.raises(OperationalError):
        do()
    assert len(tries) == retrying.TIMES


@pytest.mark.django_db(transaction=True)
def test_other_errors_are_not_repeated() -> None:
    do, tries = losing(1, sqlstate="57014")
    with pytest.raises(OperationalError):
        do()
    assert len(tries) == 1


@pytest.mark.django_db
def test_inside_another_transaction_nothing_is_repeated() -> None:
    do, tries = losing(1)
    with pytest.raises(OperationalError):
        do()
    assert len(tries) == 1
