"""Tasks for tests of the worker: they leave a line in the file that the environment names."""

import os
import time
from pathlib import Path

RAN: list[tuple[str, int]] = []  # in this process


def note(now_ms: int) -> None:
    _leave("note", now_ms)


def also(now_ms: int) -> None:
    _leave("also", now_ms)


def fail(now_ms: int) -> None:
    _leave("fail", now_ms)
    raise ValueError("this\nwent wrong")


def slow(now_ms: int) -> None:
    _leave("slow begins", now_ms)
    time.sleep(2)
    _leave("slow ends", now_ms)


def _leave(word: str, now_ms: int) -> None:
    RAN.append((word, now_ms))
    if "ERRANDS" in os.environ:
        with Path(os.environ["ERRANDS"]).open("a") as file:
            file.write(f"{word}\n")
