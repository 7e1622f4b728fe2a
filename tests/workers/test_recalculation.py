"""A new ttl or threshold asks for the site's sums to be computed anew."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings
from rest_framework.test import APIClient

from tests.workers.conftest import NOW
from workers import recalculation, registry
from workers.models import Camera, Site

pytestmark = pytest.mark.django_db
recalculated: list[int] = []


def recalculate(site_id: int) -> None:
    recalculated.append(site_id)


def fail(site_id: int) -> None:
    raise RuntimeError("too large for now")


@pytest.fixture(autouse=True)
def recorded(settings: Settings) -> Iterator[None]:
    settings.RECALCULATIONS = [f"{__name__}.recalculate"]
    with time_machine.travel(NOW, tick=False):
        yield
    recalculated.clear()


@pytest.mark.parametrize(
    "kind, change",
    [
        ("cameras", {"state_ttl_s": 60}),
        ("sites", {"acceptance_threshold": 0.5}),
        ("sites", {"below_threshold": "exclude"}),
        ("sites", {"below_threshold": "exclude", "acceptance_threshold": 0.5}),
    ],
)
def test_a_changed_setting_recalculates_once(
    kind: str,
    change: dict[str, Any],
    plant: Site,
    admin: APIClient,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    pk = {"cameras": plant.cameras.get().pk, "sites": plant.pk}[kind]
    with django_capture_on_commit_callbacks(execute=True):
        admin.patch(f"/api/v1/{kind}/{pk}/", change)
    assert recalculated == [plant.pk]


@pytest.mark.parametrize(
    "kind, change",
    [
        ("cameras", {"state_ttl_s": 300, "name": "Door"}),
        ("sites", {"acceptance_threshold": 0.6, "name": "Works"}),
        ("sites", {"below_threshold": "include", "snapshot_days": 7}),
    ],
)
def test_another_change_does_not(
    kind: str,
    change: dict[str, Any],
    plant: Site,
    admin: APIClient,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    pk = {"cameras": plant.cameras.get().pk, "sites": plant.pk}[kind]
    with django_capture_on_commit_callbacks(execute=True):
        assert admin.patch(f"/api/v1/{kind}/{pk}/", change).status_code == 200
    assert recalculated == []


def test_a_new_camera_does_not(
    plant: Site, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        registry.save_camera(Camera(site=plant, code="C9", name="Door", state_ttl_s=60), at=NOW)
    assert recalculated == []


def test_the_site_says_since_when_it_is_due(plant: Site) -> None:
    recalculation.request(plant.pk, at=NOW)
    assert Site.objects.get().recalculation_due_at == NOW


def test_pages_learn_that_it_is_due(plant: Site) -> None:
    before = Site.objects.get().revision
    recalculation.request(plant.pk, at=NOW)
    assert Site.objects.get().revision == before + 1


def test_a_recalculation_that_fails_stays_due_and_keeps_the_setting(
    plant: Site,
    admin: APIClient,
    settings: Settings,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    settings.RECALCULATIONS = [f"{__name__}.fail"]
    camera = plant.cameras.get()
    with django_capture_on_commit_callbacks(execute=True):
        answer = admin.patch(f"/api/v1/cameras/{camera.pk}/", {"state_ttl_s": 60})
    assert (answer.status_code, Site.objects.get().recalculation_due_at) == (200, NOW)
