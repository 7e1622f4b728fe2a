"""A superuser removes a site from its page; the code is typed again, and the worker does it."""

import pytest
from django.test import Client
from django.urls import reverse

from common import clock
from common.instants import to_ms
from tests.workers.conftest import BrowserOf
from workers.models import IngestKey, Site
from workers.moving import removal

pytestmark = pytest.mark.django_db


@pytest.fixture
def superuser(browser_of: BrowserOf) -> Client:
    return browser_of("superuser")


def address(site: Site) -> str:
    return reverse("admin:workers_site_remove", args=[site.pk])


def test_nothing_happens_before_the_code_is_typed(superuser: Client, plant: Site) -> None:
    asked = superuser.get(address(plant)).content.decode()
    assert "nothing brings them back" in asked
    wrong = superuser.post(address(plant), {"confirmed": "1", "code": plant.code.lower() + "x"})
    assert "This is not the site" in wrong.content.decode()
    assert Site.objects.filter(pk=plant.pk).exists()


def test_then_the_door_is_locked_and_the_worker_removes_it(superuser: Client, plant: Site) -> None:
    superuser.post(address(plant), {"confirmed": "1", "code": plant.code})
    assert not Site.objects.filter(pk=plant.pk).exists()
    assert not IngestKey.objects.filter(site=plant.pk, revoked_at=None).exists()
    page = superuser.get(reverse("admin:index")).content.decode()
    assert "Sites being removed" in page
    assert "kinds of rows are left" in page
    removal.remove_leaving(to_ms(clock.now()))
    assert not Site.every.filter(pk=plant.pk).exists()
    assert "Sites being removed" not in superuser.get(reverse("admin:index")).content.decode()


def test_a_sites_own_admin_can_not(browser_of: BrowserOf, plant: Site) -> None:
    assert browser_of("admin").get(address(plant)).status_code == 403
