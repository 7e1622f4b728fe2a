"""The page that connects a camera: examples filled in, for its admins, the key on it only once."""

import contextlib
import html
import io
import json
import re
import shlex
import urllib.request
from typing import Any

import pytest
from django.test import Client
from time_machine import TimeMachineFixture

from tests.workers.conftest import NOW, BrowserOf
from workers import keys
from workers.admin.connect import curl, python
from workers.models import Camera, Role, Site, Worker, Workstation

pytestmark = pytest.mark.django_db
HOSTILE = """a 'b" $(touch x) `y` \\ {0} %s ä"""
ADDRESS = "http://testserver/api/v1/events/"


@pytest.fixture(autouse=True)
def at_ten(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def admin(browser_of: BrowserOf) -> Client:
    return browser_of("admin")


def connect(site: Site, camera: Camera | None = None) -> str:
    return f"/admin/connect/{site.pk}/" + (f"{camera.pk}/" if camera else "")


def snippet(page: Any, number: int) -> str:
    pattern = rf'<pre id="snippet-{number}"[^>]*>(.*?)</pre>'
    text = re.search(pattern, page.content.decode(), re.DOTALL)
    return html.unescape(text[1])


def sent_by_curl(line: str) -> tuple[str, dict[str, str], dict[str, Any]]:
    """What a shell would hand to curl: address, headers and event."""
    date = "$(date -u +%Y-%m-%dT%H:%M:%SZ)"
    assert line.count(date) == 1
    words = shlex.split(line.replace(date, "2026-01-15T10:00:00Z").replace("\\\n", " "))
    assert words[:2] == ["curl", "-sS"]
    headers = [words[n + 1] for n, word in enumerate(words) if word == "-H"]
    return words[2], dict(h.split(": ", 1) for h in headers), json.loads(words[-1])


def sent_by_python(program: str, monkeypatch: pytest.MonkeyPatch) -> urllib.request.Request:
    """The request that the program makes, caught on its way."""
    caught = []

    def urlopen(request: urllib.request.Request, timeout: float) -> Any:
        caught.append(request)
        answer = contextlib.nullcontext(io.BytesIO(b"{}"))
        answer.enter_result.status = 201
        return answer

    monkeypatch.setattr(urllib.request, "urlopen", urlopen)
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(program, "snippet", "exec"), {})
    return caught[0]


def test_the_examples_name_what_the_site_has(plant: Site, admin: Client) -> None:
    page = admin.get(connect(plant, plant.cameras.get()))
    address, headers, event = sent_by_curl(snippet(page, 1))
    assert address == ADDRESS
    assert headers["Authorization"] == "Bearer fk_your_key"
    assert event == {
        "timestamp": "2026-01-15T10:00:00Z",
        "worker_id": "W1",
        "workstation_id": "S1",
        "event_type": "working",
        "confidence": 0.93,
        "camera_id": "C1",
    }


def test_both_examples_say_the_same(
    plant: Site, admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = admin.get(connect(plant, plant.cameras.get()))
    request = sent_by_python(snippet(page, 2).replace("fk_your_key", "fk_key"), monkeypatch)
    by_python = json.loads(request.data)
    _, _, by_curl = sent_by_curl(snippet(page, 1))
    assert request.full_url == ADDRESS
    assert request.headers["Authorization"] == "Bearer fk_key"
    assert by_python | {"timestamp": ""} == by_curl | {"timestamp": ""}


@pytest.mark.parametrize("name", ["worker_id", "workstation_id", "camera_id"])
def test_codes_of_any_shape_are_sent_as_they_are(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = {"event_type": "working", name: HOSTILE}
    assert sent_by_curl(curl(ADDRESS, "fk_key", event))[2][name] == HOSTILE
    request = sent_by_python(python(ADDRESS, "fk_key", event), monkeypatch)
    assert json.loads(request.data)[name] == HOSTILE


def test_a_code_that_looks_like_markup_is_text(plant: Site, admin: Client) -> None:
    camera = Camera.objects.create(site=plant, code="</pre><script>alert(1)</script>", name="x")
    page = admin.get(connect(plant, camera)).content.decode()
    assert "<script>alert(1)" not in page


def test_the_camera_s_own_workstation_is_named(plant: Site, admin: Client) -> None:
    station = Workstation.objects.create(site=plant, code="S9", name="Door")
    camera = Camera.objects.create(site=plant, code="C9", name="Door")
    camera.workstations.add(station)
    _, _, event = sent_by_curl(snippet(admin.get(connect(plant, camera)), 1))
    assert (event["workstation_id"], event["camera_id"]) == ("S9", "C9")


def test_what_the_site_lacks_is_said_with_the_form_for_it(plant: Site, admin: Client) -> None:
    Worker.objects.all().delete()
    page = admin.get(connect(plant, plant.cameras.get())).content.decode()
    assert f'href="/admin/workers/worker/add/?site={plant.pk}"' in page
    assert "workstation/add/" not in page


def test_a_new_key_comes_with_its_page(plant: Site, admin: Client) -> None:
    camera = plant.cameras.get()
    form = {"site": plant.pk, "camera": camera.pk}
    page = admin.post("/admin/workers/ingestkey/add/", form)
    _, headers, _ = sent_by_curl(snippet(page, 1))
    key = headers["Authorization"].removeprefix("Bearer ")
    assert keys.key_for(key, at=NOW).camera_id == camera.pk
    assert f'data-address="{connect(plant, camera)}"' in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]
    assert key not in str(page.headers) + str(page.cookies) + str(dict(admin.session))
    assert key not in admin.get(connect(plant, camera)).content.decode()


def test_a_gateway_is_connected_too(plant: Site, admin: Client) -> None:
    page = admin.post("/admin/workers/ingestkey/add/", {"site": plant.pk})
    assert f'data-address="{connect(plant)}"' in page.content.decode()
    assert "camera_id=" not in re.search(r'data-url="([^"]*)"', page.content.decode())[1]


def test_the_page_names_the_keys_in_use(plant: Site, admin: Client) -> None:
    camera = plant.cameras.get()
    used, revoked = (keys.create_key(site=plant, camera=camera, at=NOW).row for _ in range(2))
    gateway = keys.create_key(site=plant, at=NOW).row
    keys.revoke(revoked, at=NOW)
    page = admin.get(connect(plant, camera)).content.decode()
    assert [str(key) in page for key in (used, revoked, gateway)] == [True, False, False]
    assert f"/admin/workers/ingestkey/{used.pk}/rotate/" in page


@pytest.mark.parametrize("role", [*Role.values, "superuser"])
@pytest.mark.parametrize("of_camera", [True, False])
def test_admins_connect(of_camera: bool, role: str, plant: Site, browser_of: BrowserOf) -> None:
    path = connect(plant, plant.cameras.get() if of_camera else None)
    answer = browser_of(role).get(path)
    assert answer.status_code == (200 if role in ("admin", "superuser") else 403)


def test_another_sites_camera_is_not_there(plant: Site, foreign: Site, admin: Client) -> None:
    for path in (
        connect(foreign),
        connect(foreign, foreign.cameras.get()),
        connect(plant, foreign.cameras.get()),
        connect(plant) + "999999/",
    ):
        assert admin.get(path).status_code == 404


def test_who_is_not_logged_in_logs_in_first(plant: Site) -> None:
    answer = Client().get(connect(plant), follow=True)
    assert answer.redirect_chain[-1][0] == f"/login/?next={connect(plant)}"


def test_the_key_s_own_page_leads_there(plant: Site, admin: Client) -> None:
    key = keys.create_key(site=plant, camera=plant.cameras.get(), at=NOW).row
    answer = admin.get(f"/admin/workers/ingestkey/{key.pk}/connect/")
    assert answer.headers["Location"] == connect(plant, plant.cameras.get())


@pytest.mark.parametrize("role, leads_there", [("admin", True), ("viewer", False)])
def test_the_cameras_own_page_leads_there(
    role: str, leads_there: bool, plant: Site, browser_of: BrowserOf
) -> None:
    page, client = f"/admin/workers/camera/{plant.cameras.get().pk}", browser_of(role)
    assert (f"{page}/connect/" in client.get(f"{page}/change/").content.decode()) == leads_there
    answer = client.get(f"{page}/connect/")
    assert answer.status_code == (302 if leads_there else 403)
