"""The command `status`: how the agent on this machine is."""

from __future__ import annotations

import argparse
import http.client
import json
import os
import sqlite3
import sys
from pathlib import Path
from typing import Any

from edge.agent import settings
from edge.agent.buffer import Corrupt, Reader
from edge.agent.health import oldest_at
from edge.agent.server import HEALTH_PATH
from edge.agent.settings import SettingsError, Told
from edge.agent.shape import text_of

WELL, NOT_WELL, USAGE_ERROR = 0, 1, 2
TIMEOUT_SECONDS = 5.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    settings.add_arguments(parser)
    parser.add_argument("--json", action="store_true", help="the document of /healthz")


def run(arguments: argparse.Namespace) -> int:
    """0 when the agent runs and takes events in."""
    try:
        told = settings.told(arguments, os.environ, needs_key=False)
    except SettingsError as error:
        print(f"edge status: {error}", file=sys.stderr)
        return USAGE_ERROR
    try:
        is_well, document = _asked(*told.listen)
    except (OSError, ValueError, http.client.HTTPException) as error:
        is_well, document = False, {"status": "not running", "detail": str(error), **_left(told)}
    print(json.dumps(document) if arguments.json else "\n".join(_lines(document)))
    return WELL if is_well else NOT_WELL


def _asked(host: str, port: int) -> tuple[bool, dict[str, Any]]:
    connection = http.client.HTTPConnection(host, port, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("GET", HEALTH_PATH)
        response = connection.getresponse()
        document: dict[str, Any] = json.loads(response.read())
    finally:
        connection.close()
    return response.status == 200, document


def _left(told: Told) -> dict[str, Any]:
    """What waits in the buffer of an agent that does not run."""
    path: Path = told.buffer
    if not path.exists():
        return {}
    try:
        reader = Reader(path)
        oldest = oldest_at(reader.oldest(1))
        waiting = reader.figures().get("waiting", 0)
    except (sqlite3.Error, Corrupt) as error:
        return {"buffer": str(error)}
    reader.close()
    return {"waiting": waiting, "oldest_at": oldest and text_of(oldest)}


def _lines(document: dict[str, Any]) -> list[str]:
    """One line a figure: `link.state: up`."""
    lines: list[str] = []
    for name, value in document.items():
        if isinstance(value, dict):
            lines += [f"{name}.{line}" for line in _lines(value)]
        else:
            lines.append(f"{name}: {'-' if value is None else value}")
    return lines
