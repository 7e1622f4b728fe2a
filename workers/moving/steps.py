"""Cuts a stream into lists of a fixed length."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

Each = TypeVar("Each")


def in_steps(items: Iterable[Each], length: int) -> Iterator[list[Each]]:
    """One list after the other; the last may be shorter."""
    rest = iter(items)
    while some := list(islice(rest, length)):
        yield some
