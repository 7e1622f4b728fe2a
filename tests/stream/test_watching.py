"""What people see of Kafka: the admin's page and the cards of the start page."""

import re
from typing import Any

import pytest
from django.test import Client
from django.utils.html import strip_tags
from pytest_django import Settings

from common.instants import to_ms
from events.models import StreamPosition
from tests.floor import NOW, Floor
from workers.models import Role, User

pytestmark = pytest.mark.django_db
AT = to_ms(NOW)
PAGE = "/admin/events/streamposition/"
MINUTE = 60_000


@pytest.fixture(autouse=True)
def kafka(settings: Settings) -> None:
    settings.KAFKA_BOOTSTRAP_SERVERS = "127.0.0.1:9"
    settings.KAFKA_TOPIC = "events.watched"
    settings.START_PAGE_CARDS = [
        "events.stream.start_cards.waiting",
        "events.stream.start_cards.dead",
    ]


def position(partition: int = 0, **values: Any) -> StreamPosition:
    return StreamPosition.objects.create(topic="events.watched", partition=partition, **values)


def stalled(**values: Any) -> StreamPosition:
    """Seven messages have waited for two minutes."""
    places = {"next_offset": 5, "high_watermark": 12}
    long_ago = {"moved_at": AT - 10 * MINUTE, "waiting_since": AT - 2 * MINUTE}
    return position(**places | long_ago | values)


def reader(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="workers.authentication.MembershipBackend")
    return client


@pytest.fixture
def superuser(floor: Floor) -> Client:
    return reader(User.objects.create_superuser("root"))


def words(client: Client, path: str) -> str:
    return re.sub(r"\s+", " ", strip_tags(client.get(path).content.decode()))


def test_page_shows_each_partition(superuser: Client) -> None:
    position(3, next_offset=1_000, high_watermark=3_500, stored=950, duplicate=7, moved_at=AT)
    assert "3 2,500 0 950 7 0 0" in words(superuser, PAGE)


def test_page_shows_no_other_topic(superuser: Client) -> None:
    StreamPosition.objects.create(topic="another", partition=0, high_watermark=7_777)
    assert "7,777" not in words(superuser, PAGE)


def test_page_says_when_nobody_stores(superuser: Client) -> None:
    stalled()
    assert "no consumer has stored any for a minute" in words(superuser, PAGE)


@pytest.mark.parametrize(
    "values",
    [
        {"high_watermark": 5},
        {"waiting_since": AT - MINUTE // 2},
        {"moved_at": AT - MINUTE // 2},
    ],
    ids=["nothing waits", "it has just begun to wait", "a consumer has just moved"],
)
def test_page_says_nothing_while_all_goes_well(superuser: Client, values: Any) -> None:
    stalled(**values)
    assert "no consumer" not in words(superuser, PAGE)


def test_card_says_when_nobody_stores(superuser: Client) -> None:
    stalled()
    assert "7 messages wait in Kafka and nobody stores" in words(superuser, "/admin/")


def test_card_says_when_much_waits(superuser: Client) -> None:
    position(high_watermark=20_000, moved_at=AT)
    assert "20,000 messages wait in Kafka" in words(superuser, "/admin/")


def test_admin_of_a_site_is_told_too(floor: Floor) -> None:
    stalled()
    admin = reader(floor.add_member("eve", Role.ADMIN))
    assert "nobody stores" in words(admin, "/admin/")


def test_manager_is_not_told(floor: Floor) -> None:
    stalled()
    assert "nobody stores" not in words(reader(floor.manager), "/admin/")


def test_card_tells_new_dead_letters(superuser: Client) -> None:
    position(dead=3, dead_at=AT - 5 * MINUTE)
    assert "3 messages could not be stored, the newest came 5 min ago" in words(
        superuser, "/admin/"
    )


def test_dead_letters_of_last_week_are_no_news(superuser: Client) -> None:
    position(dead=3, dead_at=AT - 7 * 24 * 60 * MINUTE)
    assert "could not be stored" not in words(superuser, "/admin/")


def test_without_kafka_there_is_no_card(superuser: Client, settings: Settings) -> None:
    stalled(dead=3, dead_at=AT)
    settings.KAFKA_BOOTSTRAP_SERVERS = ""
    page = words(superuser, "/admin/")
    assert "nobody stores" not in page
    assert "could not be stored" not in page
