"""A plan of several sites: each sends by its own gateway, many cameras in one request."""

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from edge.__main__ import main
from edge.plan import PlanError
from edge.plan_check import check
from edge.plan_file import parse_plans
from tests.edge.fake_server import FakeServer
from tests.edge.plans import camera, document_of, duty
from tests.edge.test_simulate import run_until

SITES = ("one", "two", "three")
CAMERAS = 4


def site(name: str, **more: Any) -> dict[str, Any]:
    """Cameras without keys of their own, of the same names at every site."""
    cameras = [camera(n, duty(f"W{n}", "00:00", "00:00")) for n in range(1, CAMERAS + 1)]
    for each in cameras:
        del each["key"]
    return document_of(*cameras) | {"site": name, "key": f"key-of-{name}"} | more


def test_each_site_sends_all_its_cameras_by_its_own_key(server: FakeServer, tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    plan.write_text(json.dumps({"sites": [site(name) for name in SITES]}))

    def seen() -> dict[str, set[str]]:
        found = defaultdict(set)
        for request in list(server.requests):
            for event in request.events:
                found[request.headers["Authorization"]].add(event["camera_id"])
        return found

    def is_complete() -> bool:
        return [len(cameras) for cameras in seen().values()] == [CAMERAS] * len(SITES)

    run = run_until(is_complete, server, "--plan", str(plan), "--interval", "0.5")
    assert run.exit_code == 0
    assert {*seen()} == {f"Bearer key-of-{name}" for name in SITES}
    assert any(len({e["camera_id"] for e in each.events}) > 1 for each in server.requests)
    assert len({request.client_port for request in server.requests}) == len(SITES)


def test_a_camera_with_a_key_of_its_own_keeps_it() -> None:
    document = site("one")
    document["cameras"][0]["key"] = "its-own"
    (plan,) = parse_plans({"sites": [document]})
    assert [each.key for each in check(plan).cameras] == ["its-own", "", "", ""]
    assert plan.gateway == "key-of-one"


def test_what_is_wrong_in_one_of_the_sites_is_named_with_its_place() -> None:
    wrong = site("two", cameras=[{"camera_id": "CAM-1"}])
    with pytest.raises(PlanError, match=r"sites\[1\]\.cameras\[0\]\.rotation"):
        parse_plans({"sites": [site("one"), wrong]})


def test_pictures_are_no_gateways_business(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = tmp_path / "plan.json"
    plan.write_text(json.dumps({"sites": [site("one")]}))
    assert main(["simulate", "--plan", str(plan), "--pictures", "0.1"]) == 2
    assert "takes neither" in capsys.readouterr().err
