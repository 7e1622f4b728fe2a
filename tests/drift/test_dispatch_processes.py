"""Sending in earnest: kills, several workers at once, and cameras that go on sending meanwhile."""

import signal
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

from django.db import connections
from pytest_django import Settings

from common import clock
from common.instants import to_ms
from drift.notifying import dispatch
from tests.demo.processes import Command
from tests.drift.postbox import Postbox, now_ms
from tests.drift.receivers import OK, Server
from tests.floor import Floor, event

COLUMNS = "message_id, attempts, sent_at IS NOT NULL"
ANNOUNCE = """
import sys, time
from django.db import transaction
from drift.notifying import outbox, signing
from drift.models import Webhook
from workers.models import Site
with transaction.atomic():
    site = Site.objects.create(code="F1", name="Plant")
    webhook = Webhook(site=site, url={url!r})
    signing.issue(webhook)
    webhook.save()
    outbox.announce(
        site_id=site.pk, kind="alert.opened", subject="S", text="T", data={{}}, at={at}
    )
"""


def ask(database: Path, sql: str) -> list[Any]:
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        return connection.execute(sql).fetchall()


def run(database: Path, *words: str) -> None:
    with Command(words, database, environment=ENVIRONMENT) as command:
        assert command.process.wait(60) == 0, command.says()


ENVIRONMENT = {"WEBHOOK_NETWORKS": "127.0.0.0/8"}


def test_a_retry_survives_a_kill(tmp_path: Path, receiver: Server) -> None:
    database = tmp_path / "outbox.sqlite3"
    receiver.answer = receiver.hangs
    run(database, "migrate", "--verbosity", "0")
    run(database, "shell", "-c", ANNOUNCE.format(url=receiver.url, at=to_ms(clock.now())))
    with Command(("run_worker",), database, environment=ENVIRONMENT) as worker:
        worker.wait_until(lambda: bool(receiver.requests))
        worker.process.send_signal(signal.SIGKILL)
        worker.process.wait(60)
    ((message_id, attempts, is_sent),) = ask(database, f"SELECT {COLUMNS} FROM drift_outboxmessage")
    assert (attempts, is_sent) == (1, 0)

    receiver.answer = OK  # and a minute later, when the dead worker's claims are over:
    ask(database, "UPDATE drift_outboxmessage SET next_try_at = next_try_at - 60000")
    ask(database, "UPDATE workers_backgroundtask SET claimed_until = claimed_until - 60000")
    run(database, "run_worker", "--once")
    sent = ask(database, f"SELECT {COLUMNS} FROM drift_outboxmessage")
    assert sent == [(message_id, 2, 1)]
    ids = [each.headers["webhook-id"] for each in receiver.requests]
    assert ids == [message_id, message_id]


def test_two_workers_at_once_send_each_message_once(
    transactional_db: None, settings: Settings, receiver: Server
) -> None:
    postbox = Postbox(settings, lambda _pause: None)
    for number in range(6):
        postbox.webhook(f"{receiver.url}/{number}")
    for _ in range(5):
        postbox.announce()
    barrier = threading.Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        for run in [pool.submit(_send, barrier) for _ in range(2)]:
            run.result(60)
    ids = Counter(each.headers["webhook-id"] for each in receiver.requests)
    assert (len(ids), set(ids.values())) == (30, {1})
    assert postbox.states() == ["sent"] * 30


def test_a_dead_receiver_does_not_slow_cameras(
    transactional_db: None, settings: Settings, receiver: Server
) -> None:
    """While a dozen tries hang, no transaction is open and events are answered as ever."""
    floor = Floor()
    receiver.answer = receiver.hangs
    postbox = Postbox(settings, lambda _pause: None, code="F2")
    for number in range(30):
        postbox.webhook(f"{receiver.url}/{number}")
    postbox.announce()
    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(_send, threading.Barrier(1))
        _wait_for(lambda: receiver.most_at_once >= 12)
        begun = time.monotonic()
        for number in range(20):
            floor.put(event(clock.now().isoformat(), worker=f"W{number % 5 + 1}"))
        assert time.monotonic() - begun < 5
        assert not receiver.released.is_set()
        receiver.released.set()
        sending.result(60)
    assert floor.events() == 20
    assert postbox.states() == ["sent"] * 30


def _send(barrier: threading.Barrier) -> None:
    try:
        barrier.wait(30)
        dispatch.send_due(now_ms())
    finally:
        connections.close_all()


def _wait_for(is_reached: Callable[[], bool]) -> None:
    give_up_at = time.monotonic() + 30
    while not is_reached():
        assert time.monotonic() < give_up_at
        time.sleep(0.01)
