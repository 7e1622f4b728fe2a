"""Log lines as text or JSON; what a request or task is known by stands in all of its lines."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from common.instants import to_rfc3339

KNOWN: ContextVar[dict[str, str]] = ContextVar("known", default={})  # noqa: B039 - never changed


@contextmanager
def known_by(**fields: str) -> Iterator[None]:
    """All lines that are logged inside, by whatever code, carry these fields."""
    token = KNOWN.set(KNOWN.get() | fields)
    try:
        yield
    finally:
        KNOWN.reset(token)


def request_id() -> str:
    """The number of the request that is being answered; empty outside of one."""
    return KNOWN.get().get("request_id", "")


class TextFormatter(logging.Formatter):
    """One line for people, with what is known at its end."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        """A traceback follows below."""
        known = " ".join(f"{name}={value}" for name, value in KNOWN.get().items())
        return f"{super().formatMessage(record)}{f' [{known}]' if known else ''}"


class JsonFormatter(logging.Formatter):
    """One JSON object a line, for machines. Extra fields come as `extra={"fields": {...}}`."""

    def format(self, record: logging.LogRecord) -> str:
        """The fields of a line never hide those that every line has."""
        line = {
            **getattr(record, "fields", {}),
            **KNOWN.get(),
            "time": to_rfc3339(int(record.created * 1000)),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "process": record.process,
            "thread": record.threadName,
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


class OnlyTracebacks(logging.Filter):
    """Of django.request: what failed and where. That it failed, common.requests tells anyway.

    Django names the whole path, in which secrets may stand; ours does not.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Keeps what has a traceback, under words of our own."""
        record.msg, record.args = "A request failed.", ()
        return bool(record.exc_info)
