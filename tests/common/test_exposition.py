"""`/metrics`: who may read it, and what is in it."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.utils.module_loading import import_string
from prometheus_client.parser import text_string_to_metric_families

from common import clock, exposition
from common.exposition import _collectors
from events.models import RefusedEvent, StreamPosition
from tests.floor import NOW, Floor, event
from workers.models import BackgroundTask

pytestmark = pytest.mark.django_db
TOKEN = "a1b2c3d4e5f6a7b8c9"


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    _collectors.cache_clear()
    monkeypatch.setattr(exposition, "PATIENCE_S", 20)


def status(**headers: str) -> int:
    return Client().get("/metrics", headers=headers).status_code


def figures() -> dict[tuple[str, frozenset[str]], float]:
    """By name and the values of labels."""
    text = Client().get("/metrics").content.decode()
    return {
        (sample.name, frozenset(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def found_by(path: str) -> dict[tuple[str, frozenset[str]], float]:
    """What a collector finds, in the transaction of the test."""
    return {
        (sample.name, frozenset(sample.labels.values())): sample.value
        for metric in import_string(path)(int(clock.now().timestamp() * 1000))
        for sample in metric.samples
    }


def test_demo_shows_it_to_who_is_on_the_machine() -> None:
    assert status() == 200


@override_settings(PRODUCTION=True)
def test_production_without_a_token_has_no_such_page() -> None:
    assert status() == 404


@pytest.mark.parametrize("production", [True, False])
@pytest.mark.parametrize(
    "authorization, wanted",
    [
        ("", 401),
        (f"Bearer {TOKEN}", 200),
        (f"bearer {TOKEN}", 200),
        (f"Token {TOKEN}", 401),
        (f"Bearer {TOKEN}0", 401),
        ("Bearer", 401),
        ("Bearer \x80\xff", 401),
    ],
)
def test_with_a_token_set_only_the_token_opens(
    authorization: str, wanted: int, production: bool
) -> None:
    with override_settings(METRICS_TOKEN=TOKEN, PRODUCTION=production):
        assert status(authorization=authorization) == wanted


@override_settings(METRICS_TOKEN=TOKEN)
def test_superuser_needs_the_token_too(floor: Floor, admin_client: Client) -> None:
    assert admin_client.get("/metrics").status_code == 401


@override_settings(METRICS_TOKEN=TOKEN, SECURE_SSL_REDIRECT=True)
def test_prometheus_beside_the_server_needs_no_tls() -> None:
    assert status(authorization=f"Bearer {TOKEN}") == 200


def test_it_is_only_read() -> None:
    assert Client().post("/metrics").status_code == 405


def test_events_are_counted_by_outcome(floor: Floor) -> None:
    def counts() -> list[float]:
        found = figures()
        outcomes = [{"accepted", ""}, {"duplicate", ""}, {"refused", "unknown_worker"}]
        name = "factory_ingested_events_total"
        return [found.get((name, frozenset(labels)), 0) for labels in outcomes]

    before = counts()
    batch = [
        event("08:00"),
        event("08:00"),
        event("08:00", worker="nobody"),
        event("08:00", worker="none"),
    ]
    floor.post(*batch)
    assert [now - then for now, then in zip(counts(), before, strict=True)] == [1, 1, 2]


def test_answers_are_counted_by_kind_and_status(floor: Floor) -> None:
    key = ("factory_http_request_seconds_count", frozenset({"ingest", "200"}))
    before = figures().get(key, 0)
    floor.post(event("08:00"))
    assert figures()[key] - before == 1


def test_what_is_asked_for_makes_no_series(floor: Floor) -> None:
    for n in range(5):
        Client().get(f"/nothing/{n}/")
    series = {labels for name, labels in figures() if name == "factory_http_request_seconds_count"}
    assert frozenset({"page", "404"}) in series
    kinds = frozenset().union(*series)
    assert {each for each in kinds if not each.isdigit()} <= {"page", "api", "ingest", "probe"}


def test_task_that_nobody_starts_is_overdue(floor: Floor) -> None:
    due_at = int(NOW.timestamp() * 1000) - 90_000
    BackgroundTask.objects.create(path="some.task", due_at=due_at, failures=3)
    found = found_by("workers.telemetry.collect")
    assert found["factory_task_overdue_seconds", frozenset({"some.task"})] == 90
    assert found["factory_task_failures", frozenset({"some.task"})] == 3


def test_site_was_last_heard_when_its_newest_event_came(floor: Floor) -> None:
    floor.post(event("08:00"))
    found = found_by("workers.telemetry.collect")
    key = ("factory_site_last_heard_timestamp_seconds", frozenset({floor.site.code}))
    assert found[key] == NOW.timestamp()


def test_refused_events_are_those_of_the_last_hour(floor: Floor, still_clock: Any) -> None:
    floor.post(event("08:00", worker="nobody"))
    key = ("factory_refused_events_last_hour", frozenset({"unknown_worker"}))
    assert found_by("events.telemetry.collect")[key] == 1
    still_clock.shift(3_601)
    assert key not in found_by("events.telemetry.collect")
    assert RefusedEvent.objects.count() == 1


@pytest.mark.parametrize("severity", ["warning", "critical"])
def test_no_alert_is_zero_and_not_missing(floor: Floor, severity: str) -> None:
    key = ("factory_open_alerts", frozenset({severity}))
    assert found_by("drift.telemetry.collect")[key] == 0


def failing(_now_ms: int) -> list[Any]:
    raise ValueError


@override_settings(
    TELEMETRY_COLLECTORS=["tests.common.test_exposition.failing", "common.machine.collect"]
)
def test_collector_that_fails_says_so_and_fails_no_other() -> None:
    found = figures()
    up = "factory_collector_up"
    assert found[up, frozenset({"tests.common.test_exposition.failing"})] == 0
    assert found[up, frozenset({"common.machine.collect"})] == 1
    assert found["factory_data_disk_free_bytes", frozenset()] > 0


@pytest.mark.django_db(transaction=True)
def test_all_collectors_of_the_settings_find_something() -> None:
    up = [value for (name, _), value in figures().items() if name == "factory_collector_up"]
    assert up == [1] * len(settings.TELEMETRY_COLLECTORS)


def test_kafka_tells_what_waits_what_stands_still_and_what_became_of_the_rest(
    floor: Floor,
) -> None:
    at = int(NOW.timestamp() * 1000) - 90_000
    topic = settings.KAFKA_TOPIC
    StreamPosition.objects.create(
        topic=topic, partition=0, next_offset=3, high_watermark=10, moved_at=at, stored=2, dead=1
    )
    StreamPosition.objects.create(
        topic=topic, partition=1, next_offset=4, high_watermark=4, moved_at=at, stored=4
    )
    found = found_by("events.stream.telemetry.collect")
    by_partition = {
        name: found[name, frozenset({"0"})] for name, _ in found if "messages_t" not in name
    }
    assert by_partition == {"factory_stream_lag_messages": 7, "factory_stream_stuck_seconds": 90}
    assert found["factory_stream_stuck_seconds", frozenset({"1"})] == 0
    assert found["factory_stream_messages_total", frozenset({"stored"})] == 6
    assert found["factory_stream_messages_total", frozenset({"dead"})] == 1


def test_without_kafka_there_is_no_figure_of_it(floor: Floor) -> None:
    assert found_by("events.stream.telemetry.collect") == {}
