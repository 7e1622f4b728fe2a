"""`/readyz`: ready, or what is wrong, soon and without secrets."""

import threading
import time
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.test import Client, override_settings

from common import readiness
from common.bounded import Bounded
from common.readiness import NotReadyError

CHECKS = "tests.common.test_readiness"
hanging = threading.Event()


def hangs() -> None:
    hanging.wait(30)


def is_away() -> None:
    raise NotReadyError("the broker does not answer")


def stumbles() -> None:
    raise ValueError("password=secret")


def is_fine() -> None:
    pass


@pytest.fixture(autouse=True)
def checks_anew(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(readiness, "PATIENCE_S", 0.2)
    readiness._checks.cache_clear()
    hanging.clear()
    yield
    hanging.set()
    readiness._checks.cache_clear()


def asked(*names: str) -> tuple[int, dict[str, str]]:
    with override_settings(READINESS_CHECKS={name: f"{CHECKS}.{name}" for name in names}):
        answer = Client().get("/readyz")
    return answer.status_code, answer.json()["checks"]


@pytest.mark.django_db(transaction=True)
def test_server_with_its_tables_is_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "PATIENCE_S", 20)
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "ready")


@pytest.mark.django_db(transaction=True)
def test_missing_migration_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "PATIENCE_S", 20)
    known = readiness._known_migrations() | {("drift", "9999_of_a_newer_release")}
    monkeypatch.setattr(readiness, "_known_migrations", lambda: known)
    answer = Client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"] == {"database": "1 migrations are not applied"}


def test_one_that_is_not_ready_is_enough() -> None:
    said = {"is_fine": "ok", "is_away": "the broker does not answer"}
    assert asked("is_fine", "is_away") == (503, said)


def test_check_that_hangs_is_not_waited_for() -> None:
    began = time.monotonic()
    assert asked("hangs", "is_fine") == (503, {"hangs": "no answer within 0.2 s", "is_fine": "ok"})
    assert time.monotonic() - began < 5


def test_those_who_ask_meanwhile_start_no_second_one() -> None:
    calls = []

    def slow() -> None:
        calls.append(1)
        hanging.wait(30)

    check = Bounded(slow, patience_s=0.05)
    for _ in range(3):
        with pytest.raises(TimeoutError):
            check.result()
    assert calls == [1]


def test_words_of_a_fault_are_for_the_log() -> None:
    assert asked("stumbles") == (503, {"stumbles": "the check failed"})


@override_settings(SECURE_SSL_REDIRECT=True, READINESS_CHECKS={})
def test_probe_needs_no_tls() -> None:
    assert Client().get("/readyz").status_code == 200


def test_known_migrations_are_all_there_are(db: None) -> None:
    call_command("migrate", "--check", verbosity=0)
    assert ("events", "0001_initial") in readiness._known_migrations()
