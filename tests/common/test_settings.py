"""What the environment says: a wrong value stops the start with one clear line."""

import os
import subprocess
import sys

import pytest

from tests.demo.processes import ROOT

LONG_KEY = "x1-y2-z3-" * 6
URLS = "DATABASE_URL must begin with sqlite:/// or postgres://."


def started(**environment: str) -> subprocess.CompletedProcess[str]:
    given = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    given |= {"DATABASE_URL": "sqlite://:memory:", "SECRET_KEY": "short", **environment}
    command = [sys.executable, "-c", "from factory_project import settings"]
    return subprocess.run(
        command, cwd=ROOT, env=given, capture_output=True, text=True, timeout=60, check=False
    )


def test_an_environment_that_is_right_is_silent() -> None:
    answer = started()
    assert (answer.returncode, answer.stderr) == (0, "")


@pytest.mark.parametrize(
    "environment, said",
    [
        ({"PORT": "high"}, "PORT must be a whole number from 1 to 65535, not 'high'."),
        ({"PORT": "65536"}, "PORT must be a whole number from 1 to 65535, not '65536'."),
        ({"DEMO": "yes"}, "DEMO must be 0 or 1, not 'yes'."),
        ({"DEBUG": "on"}, "DEBUG must be 0 or 1, not 'on'."),
        ({"INGEST_RATE": "-1"}, "INGEST_RATE must be a whole number from 0 to 1000000, not '-1'."),
        ({"EVENT_SINK": "paper"}, "EVENT_SINK must be one of direct, kafka, not 'paper'."),
        ({"LOG_FORMAT": "xml"}, "LOG_FORMAT must be one of text, json, not 'xml'."),
        ({"LOG_REQUESTS": "all"}, "LOG_REQUESTS must be 0 or 1, not 'all'."),
        ({"METRICS_TOKEN": "short"}, "METRICS_TOKEN must be at least 16 letters and digits."),
        ({"DATABASE_URL": "factory.sqlite3"}, URLS),
        ({"DATABASE_URL": "mysql://host/name"}, URLS),
        ({"DATABASE_URL": "postgres://host:high/name"}, "DATABASE_URL cannot be read: This"),
        ({"HOST": "0.0.0.0", "DEMO": "1"}, "DEMO=1 opens demo accounts and runs on a loopback"),
        ({"HOST": "0.0.0.0", "DEBUG": "1"}, "DEBUG=1 is refused when HOST is not loopback"),
        ({"DEMO": "0", "SECRET_KEY": ""}, "SECRET_KEY is required when HOST is not loopback"),
        ({"DEMO": "0"}, "SECRET_KEY is too weak: give at least 50 random characters."),
        ({"DEMO": "0", "SECRET_KEY": LONG_KEY}, "ALLOWED_HOSTS is required when HOST is not"),
    ],
)
def test_a_wrong_value_is_one_clear_line(environment: dict[str, str], said: str) -> None:
    answer = started(**environment)
    assert answer.returncode == 1
    assert answer.stderr.startswith(f"Configuration error: {said}")
    assert answer.stderr.count("\n") == 1
