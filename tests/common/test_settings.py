"""What the environment says: a wrong value stops the start with one clear line."""

import os
import subprocess
import sys

import pytest

from tests.demo.processes import ROOT

LONG_KEY = "x1-y2-z3-" * 6
URLS = "DATABASE_URL must begin with sqlite:/// or postgres://."


def started(then: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    given = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    given |= {"DATABASE_URL": "sqlite://:memory:", "SECRET_KEY": "short", **environment}
    command = [sys.executable, "-c", f"from factory_project import settings; {then}"]
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
        ({"WORKERS": "0"}, "WORKERS must be a whole number from 1 to 64, not '0'."),
        ({"WORKERS": "2"}, "WORKERS above 1 needs PostgreSQL: SQLite has one writer."),
        ({"LOG_FORMAT": "xml"}, "LOG_FORMAT must be one of text, json, not 'xml'."),
        ({"LOG_REQUESTS": "all"}, "LOG_REQUESTS must be 0 or 1, not 'all'."),
        ({"METRICS_TOKEN": "short"}, "METRICS_TOKEN must be at least 16 letters and digits."),
        ({"EVENT_SINK": "paper"}, "EVENT_SINK must be one of direct, kafka, not 'paper'."),
        ({"EVENT_SINK": "kafka"}, "KAFKA_BOOTSTRAP_SERVERS is required with EVENT_SINK=kafka."),
        ({"KAFKA_BOOTSTRAP_SERVERS": "kafka"}, "KAFKA_BOOTSTRAP_SERVERS must be like kafka1:9092"),
        ({"KAFKA_TOPIC": "a topic"}, "KAFKA_TOPIC must be letters, digits, dots, dashes"),
        ({"KAFKA_OPTIONS": "secret"}, "KAFKA_OPTIONS must be like name=value, not 'secret'."),
        ({"KAFKA_OPTIONS": "acks=0"}, "KAFKA_OPTIONS may not set acks: what is promised rests"),
        ({"KAFKA_OPTIONS": "a='"}, "KAFKA_OPTIONS cannot be read: No closing quotation"),
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


def test_options_of_kafka_are_read_as_a_shell_would() -> None:
    answer = started(
        "print(settings.KAFKA_OPTIONS)", KAFKA_OPTIONS="sasl.username=me sasl.password='a b'"
    )
    assert answer.stdout == "{'sasl.username': 'me', 'sasl.password': 'a b'}\n"


def test_several_processes_may_share_a_postgresql() -> None:
    answer = started(DATABASE_URL="postgres://host/name", WORKERS="2")
    assert (answer.returncode, answer.stderr) == (0, "")


def test_what_the_url_says_of_the_connection_is_heard() -> None:
    url = "postgres://host/name?sslmode=verify-full"
    show = "print(settings.DATABASES['default']['OPTIONS']['sslmode'])"
    assert started(show, DATABASE_URL=url).stdout == "verify-full\n"
