"""Links to a site's own pictures: which templates are taken, and what becomes of them."""

import pytest
from rest_framework.test import APIClient

from workers.domain.links import filled, problem_of
from workers.models import Site

GOOD = [
    "https://nvr.example/{camera}?at={timestamp}",
    "http://nvr/{camera}",
    "http://10.0.0.5:8080/?c={camera}&t={timestamp}#x",
    "https://nvr.example/wall",
]
BAD = [
    "javascript:alert(1)//{camera}",
    "ftp://nvr.example/{camera}",
    "//nvr.example/{camera}",
    "nvr.example/{camera}",
    "https://",
    "https:///{camera}",
    "https://nvr.example/{worker}",
    "https://nvr.example/{}",
    "https://nvr.example/{0}",
    "https://nvr.example/{camera.__class__}",
    "https://nvr.example/{camera[0]}",
    "https://nvr.example/{camera!r}",
    "https://nvr.example/{camera:>9999999999}",
    "https://nvr.example/{camera",
    "https://nvr.example/}",
    "https://nvr.example/{camera} now",
    "https://nvr.example/\n{camera}",
    "https://[nvr/{camera}",
]


@pytest.mark.parametrize("template", GOOD)
def test_address_is_taken(template: str) -> None:
    assert problem_of(template) == ""


@pytest.mark.parametrize("template", BAD)
def test_what_leads_nowhere_is_told(template: str) -> None:
    assert problem_of(template)


def test_codes_and_times_cannot_change_where_it_leads() -> None:
    link = filled(GOOD[0], camera="../a?b#c&d 1", timestamp="2026-06-16T08:00:00Z")
    assert link == ("https://nvr.example/..%2Fa%3Fb%23c%26d%201?at=2026-06-16T08%3A00%3A00Z")


def test_without_a_template_there_is_no_link() -> None:
    assert filled("", camera="C1", timestamp="T") == ""


@pytest.mark.parametrize("link, status", [(GOOD[0], 200), ("", 200), (BAD[0], 400)])
@pytest.mark.django_db
def test_site_takes_what_leads_somewhere(
    plant: Site, admin: APIClient, link: str, status: int
) -> None:
    answer = admin.patch(f"/api/v1/sites/{plant.pk}/", {"snapshot_link": link})
    assert answer.status_code == status


@pytest.mark.parametrize("days, status", [(1, 200), (30, 200), (0, 400), (-1, 400), ("x", 400)])
@pytest.mark.django_db
def test_pictures_are_kept_for_a_day_at_least(
    plant: Site, admin: APIClient, days: object, status: int
) -> None:
    answer = admin.patch(f"/api/v1/sites/{plant.pk}/", {"snapshot_days": days})
    assert answer.status_code == status
