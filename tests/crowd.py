"""Many at once, for as long as a `with` block lasts."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

PATIENCE_S = 60


@contextmanager
def at_work(number: int, do: Callable[[int, threading.Event], None]) -> Iterator[None]:
    """So many threads call `do` with their number and what tells them to stop.

    What one of them raises is raised in the end.
    """
    stop = threading.Event()
    with ThreadPoolExecutor(number) as pool:
        work = [pool.submit(do, each, stop) for each in range(number)]
        try:
            yield
        finally:
            stop.set()
        for each in work:
            each.result(PATIENCE_S)
