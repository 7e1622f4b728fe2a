"""`manage.py seed_sites`: many sites, and a plan by which their cameras really send."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from common import clock
from edge.plan_check import check
from edge.plan_file import load_plans
from tests.floor import Floor, after, event
from workers.models import Camera, Membership, Site, User, Worker, Workstation

pytestmark = pytest.mark.django_db


def seed(path: Path, **more: Any) -> str:
    out = StringIO()
    size = {"sites": 2, "cameras": 3, "workers_per_camera": 2} | more
    call_command("seed_sites", plan=path, stdout=out, **size)
    return out.getvalue()


def test_each_site_has_what_was_asked_for(tmp_path: Path) -> None:
    said = seed(tmp_path / "plan.json")
    assert "2 sites, each with 3 cameras and 6 workers" in said
    for site in Site.objects.filter(code__in=["SITE-1", "SITE-2"]):
        found = [kind.objects.filter(site=site).count() for kind in (Camera, Workstation, Worker)]
        assert found == [3, 3, 6]


def test_its_plan_is_one_that_the_simulator_takes(tmp_path: Path) -> None:
    seed(tmp_path / "plan.json")
    plans = [check(plan) for plan in load_plans(tmp_path / "plan.json")]
    assert [len(plan.cameras) for plan in plans] == [3, 3]
    assert len({plan.gateway for plan in plans}) == 2


def test_its_keys_are_those_of_the_sites(tmp_path: Path, floor: Floor) -> None:
    seed(tmp_path / "plan.json")
    for plan in json.loads((tmp_path / "plan.json").read_text())["sites"]:
        said = event(after(clock.now(), seconds=-5), "W6", "S3", camera_id="CAM-3")
        assert floor.post(said, key=plan["key"])["accepted"] == 1


def test_the_plan_can_be_read_by_its_owner_alone(tmp_path: Path) -> None:
    seed(tmp_path / "plan.json")
    assert (tmp_path / "plan.json").stat().st_mode & 0o077 == 0


def test_somebody_becomes_their_admin(tmp_path: Path) -> None:
    User.objects.create(username="ada")
    seed(tmp_path / "plan.json", member="ada")
    assert [*Membership.objects.values_list("role", flat=True)] == ["admin", "admin"]


def test_a_site_that_is_there_is_not_touched(tmp_path: Path) -> None:
    seed(tmp_path / "plan.json")
    with pytest.raises(CommandError, match="There is a site SITE-1"):
        seed(tmp_path / "other.json")
    assert not (tmp_path / "other.json").exists()


def test_on_a_production_server_it_is_refused(tmp_path: Path, settings: Settings) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="not on a production server"):
        seed(tmp_path / "plan.json")
    assert not Site.objects.exists()
