"""Filters beside the admin's lists do not offer a thousand things at once."""

import pytest
from django.test import Client

from tests.floor import NOW, Floor, after, event
from workers.admin.offering import MOST_OFFERED
from workers.models import Camera

PATHS = {
    "events/event": ("site", "camera"),
    "drift/alert": ("site__id__exact", "camera__id__exact"),
}


@pytest.fixture
def two(floor: Floor) -> Floor:
    """A site of many cameras and one of few, both of one manager."""
    Camera.objects.bulk_create(
        Camera(site=floor.site, code=f"K{n}", name=f"K{n}") for n in range(MOST_OFFERED)
    )
    Floor("F2").put(event(after(NOW, hours=-1)))
    floor.put(event(after(NOW, hours=-1)))
    return floor


def offered(client: Client, path: str, **given: object) -> int:
    """How many cameras the filter offers."""
    page = client.get(f"/admin/{path}/", given)
    assert page.status_code == 200
    return page.content.decode().count(f"{PATHS[path][1]}=")


def visitor(floor: Floor) -> Client:
    client = Client()
    client.force_login(floor.manager)
    return client


@pytest.mark.parametrize("path", PATHS)
def test_of_several_sites_too_many_are_not_offered(two: Floor, path: str) -> None:
    assert offered(visitor(two), path) == 0


@pytest.mark.parametrize("path", PATHS)
def test_of_the_chosen_site_they_are(two: Floor, path: str) -> None:
    chosen = {PATHS[path][0]: two.site.pk}
    assert offered(visitor(two), path, **chosen) >= MOST_OFFERED


@pytest.mark.parametrize("path", PATHS)
def test_who_has_one_site_is_offered_all_of_it(two: Floor, path: str) -> None:
    two.manager.memberships.exclude(site=two.site).delete()
    assert offered(visitor(two), path) >= MOST_OFFERED


def test_what_is_not_offered_narrows_the_list_all_the_same(two: Floor) -> None:
    client = visitor(two)
    for camera, number in ((two.cameras["C1"], 1), (two.cameras["C2"], 0)):
        page = client.get("/admin/events/event/", {"camera": camera.pk})
        assert len(page.context["cl"].result_list) == number


def test_a_camera_of_others_shows_nothing(two: Floor) -> None:
    other = Floor("F3")
    other.manager.memberships.filter(site=other.site).delete()
    page = visitor(two).get("/admin/events/event/", {"camera": other.cameras["C1"].pk})
    assert list(page.context["cl"].result_list) == []


@pytest.mark.parametrize("site", ["nobody", "9" * 40, "²", "-1"])
def test_a_site_that_is_none_is_no_error(two: Floor, site: str) -> None:
    page = visitor(two).get("/admin/events/event/", {"site": site})
    assert page.status_code == 200
