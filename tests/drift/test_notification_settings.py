"""What the environment says about mail, webhooks and the public address."""

import os
import subprocess
import sys
from typing import Any

import pytest

from tests.demo.processes import ROOT

NAMES = [
    "EMAIL_BACKEND",
    "EMAIL_HOST",
    "EMAIL_PORT",
    "EMAIL_HOST_USER",
    "EMAIL_HOST_PASSWORD",
    "EMAIL_USE_SSL",
    "EMAIL_USE_TLS",
    "DEFAULT_FROM_EMAIL",
    "PUBLIC_URL",
    "WEBHOOK_PLAIN_HTTP",
]
ASK = f"""
from factory_project import settings
for name in {NAMES}:
    print(name, repr(getattr(settings, name)), sep="=")
"""
PRODUCTION = {"DEMO": "0", "SECRET_KEY": "x1-y2-z3-" * 6, "ALLOWED_HOSTS": "plant.example.com"}


def ask(**environment: str) -> Any:
    return subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def settings(**environment: str) -> dict[str, Any]:
    answer = ask(**environment)
    assert answer.returncode == 0, answer.stderr
    pairs = (line.split("=", 1) for line in answer.stdout.splitlines())
    return {name: eval(value) for name, value in pairs}


def test_by_default_mail_is_kept_as_files_and_webhooks_stay_outside() -> None:
    found = settings()
    assert found["EMAIL_BACKEND"].endswith("filebased.EmailBackend")
    assert found["DEFAULT_FROM_EMAIL"] == "factory@127.0.0.1"
    assert found["PUBLIC_URL"] == "http://127.0.0.1:8000"
    assert found["WEBHOOK_PLAIN_HTTP"] is False


def test_in_production_mail_without_a_server_is_refused_rather_than_lost() -> None:
    found = settings(**PRODUCTION)
    assert found["EMAIL_BACKEND"] == "drift.notifying.mail.NoServerBackend"
    assert found["PUBLIC_URL"] == "https://plant.example.com"
    assert found["DEFAULT_FROM_EMAIL"] == "factory@plant.example.com"


def test_an_smtp_server_is_talked_to_with_starttls() -> None:
    found = settings(EMAIL_URL="smtp://me%40x:p%2Fw@mail.example.com", EMAIL_FROM="a@example.com")
    assert found["EMAIL_BACKEND"].endswith("smtp.EmailBackend")
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"]) == ("mail.example.com", 587)
    assert (found["EMAIL_HOST_USER"], found["EMAIL_HOST_PASSWORD"]) == ("me@x", "p/w")
    assert (found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (True, False)
    assert found["DEFAULT_FROM_EMAIL"] == "a@example.com"


@pytest.mark.parametrize(
    "url, port, tls, ssl",
    [
        ("smtps://mail.example.com", 465, False, True),
        ("smtp://relay:25?tls=0", 25, False, False),
        ("smtp://relay:2525", 2525, True, False),
    ],
)
def test_other_ways_to_reach_one(url: str, port: int, tls: bool, ssl: bool) -> None:
    found = settings(EMAIL_URL=url)
    assert (found["EMAIL_PORT"], found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (port, tls, ssl)


def test_a_demo_that_names_its_own_machine_may_speak_plainly() -> None:
    assert settings(WEBHOOK_NETWORKS="127.0.0.0/8, 10.20.0.0/24")["WEBHOOK_PLAIN_HTTP"]
    assert not settings(WEBHOOK_NETWORKS="10.20.0.0/24")["WEBHOOK_PLAIN_HTTP"]
    assert not settings(WEBHOOK_NETWORKS="127.0.0.0/8", **PRODUCTION)["WEBHOOK_PLAIN_HTTP"]


@pytest.mark.parametrize(
    "environment, said",
    [
        ({"EMAIL_URL": "mail.example.com"}, "EMAIL_URL must be like smtp://user:password@host:587"),
        ({"EMAIL_URL": "smtp://"}, "EMAIL_URL must be like"),
        ({"EMAIL_URL": "imap://mail.example.com"}, "EMAIL_URL must be like"),
        ({"EMAIL_URL": "smtp://mail.example.com:99999"}, "EMAIL_URL cannot be read: Port"),
        ({"EMAIL_URL": "smtp://[mail"}, "EMAIL_URL cannot be read: Invalid"),
        ({"EMAIL_FROM": "factory"}, "EMAIL_FROM must be an e-mail address, not 'factory'."),
        ({"EMAIL_FROM": "a@b.example\nBcc: c@d.example"}, "EMAIL_FROM must be an e-mail address"),
        ({"PUBLIC_URL": "factory.example.com"}, "PUBLIC_URL must be like https://factory"),
        ({"PUBLIC_URL": "https://factory.example.com/"}, "PUBLIC_URL must be like https://factory"),
        ({"WEBHOOK_NETWORKS": "10.20.0.1/24"}, "WEBHOOK_NETWORKS must be networks such as"),
        ({"WEBHOOK_NETWORKS": "0.0.0.0/0"}, "WEBHOOK_NETWORKS names inner networks; 0.0.0.0/0"),
        ({"WEBHOOK_NETWORKS": "8.8.8.0/24"}, "WEBHOOK_NETWORKS names inner networks; 8.8.8.0/24"),
    ],
)
def test_a_wrong_value_is_one_clear_line(environment: dict[str, str], said: str) -> None:
    answer = ask(**environment)
    assert (answer.returncode, answer.stdout) == (1, "")
    assert answer.stderr.startswith(f"Configuration error: {said}")
    assert answer.stderr.count("\n") == 1
