"""`/api/v1/alerts/`: read, acknowledged and resolved by managers and above, at their own sites."""

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from drift.models import Alert
from tests.drift.camera_days import check, falls, reports, send
from tests.floor import Floor, ms
from workers.models import Role, User

BACKEND = "workers.authentication.MembershipBackend"
ClientOf = Callable[[str], APIClient]


@pytest.fixture
def client_of(floor: Floor) -> ClientOf:
    def _client_of(role: str) -> APIClient:
        user = User.objects.create_user(role) if role == "nobody" else floor.add_member(role, role)
        client = APIClient()
        client.force_login(user, backend=BACKEND)
        return client

    return _client_of


@pytest.fixture
def manager(client_of: ClientOf) -> APIClient:
    return client_of(Role.MANAGER)


@pytest.fixture
def alerted(floor: Floor) -> Floor:
    """Below the floor: an alert that needs no history."""
    low = reports(lambda _: 0.8, start=ms("06:00"), until="12:00", model_version="yolo-1")
    send(floor, low)
    check("12:00")
    return floor


def the_alert() -> Alert:
    return Alert.objects.get()


def test_an_alert_has_what_the_contract_says(floor: Floor, manager: APIClient) -> None:
    send(floor, reports(falls("10:00"), model_version="yolo-1"))
    check()
    (alert,) = manager.get("/api/v1/alerts/").json()["results"]
    segments = alert.pop("segments")
    assert alert == {
        "id": the_alert().pk,
        "site": "F1",
        "camera_id": "C1",
        "model_version": "yolo-1",
        "status": "open",
        "severity": "critical",
        "reasons": alert["reasons"],
        "onset_at": "2026-06-16T10:00:00Z",
        "detected_at": "2026-06-16T11:00:00Z",
        "opened_at": "2026-06-17T18:00:00Z",
        "acknowledged_at": None,
        "resolved_at": None,
        "resolution": None,
        "note": "",
    }
    assert "mean" in alert["reasons"]
    assert {"event_type", "channel", "peak", "shift"} <= segments[0].keys()


@pytest.mark.parametrize(
    "query, number",
    [
        ("site=F1", 1),
        ("camera_id=C1", 1),
        ("camera_id=C2", 0),
        ("model_version=yolo-1", 1),
        ("model_version=yolo-2", 0),
        ("status=open", 1),
        ("status=resolved", 0),
    ],
)
def test_filters(alerted: Floor, manager: APIClient, query: str, number: int) -> None:
    assert len(manager.get(f"/api/v1/alerts/?{query}").json()["results"]) == number


def test_pages_go_by_cursor(alerted: Floor, manager: APIClient) -> None:
    assert set(manager.get("/api/v1/alerts/").json()) == {"next", "previous", "results"}


def test_an_unknown_status_is_a_bad_request(alerted: Floor, manager: APIClient) -> None:
    assert manager.get("/api/v1/alerts/?status=odd").status_code == 400


PATHS = ["", "acknowledge/", "resolve/"]
ALLOWED = {"viewer": 403, "manager": 200, "reviewer": 200, "admin": 200, "nobody": 403}


def ask(client: APIClient, path: str, pk: int) -> int:
    address = f"/api/v1/alerts/{pk}/{path}"
    response = client.post(address, {"resolution": "fixed"}) if path else client.get(address)
    return response.status_code


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("role, status", ALLOWED.items())
def test_by_role(alerted: Floor, client_of: ClientOf, role: str, status: int, path: str) -> None:
    assert ask(client_of(role), path, the_alert().pk) == status


@pytest.mark.parametrize("path", PATHS)
def test_another_sites_alert_does_not_exist(alerted: Floor, path: str) -> None:
    other = Floor("F2")
    client = APIClient()
    client.force_login(other.add_member("eve", Role.ADMIN), backend=BACKEND)
    assert ask(client, path, the_alert().pk) == 404
    assert client.get("/api/v1/alerts/").json()["results"] == []
    assert client.get("/api/v1/alerts/?site=F1").status_code == 404
    assert the_alert().status == "open"


def test_acknowledging(alerted: Floor, manager: APIClient) -> None:
    answer = manager.post(f"/api/v1/alerts/{the_alert().pk}/acknowledge/")
    assert answer.json()["status"] == "acknowledged"
    assert answer.json()["acknowledged_at"] == "2026-06-17T18:00:00Z"


RESOLUTIONS = [
    "fixed",
    "false_alarm",
    "new_normal",
    "model_replaced",
    "retraining_requested",
    "quiet",
    "withdrawn",
]


@pytest.mark.parametrize("resolution", RESOLUTIONS)
def test_resolving(alerted: Floor, manager: APIClient, resolution: str) -> None:
    said = {"resolution": resolution, "note": "Lens"}
    answer = manager.post(f"/api/v1/alerts/{the_alert().pk}/resolve/", said).json()
    told = {name: answer[name] for name in ("status", "resolution", "note", "resolved_at")}
    assert told == {"status": "resolved", **said, "resolved_at": "2026-06-17T18:00:00Z"}


@pytest.mark.parametrize(
    "said", [{}, {"resolution": "magic"}, {"resolution": "fixed", "note": 7 * [1]}]
)
def test_what_is_no_resolution_is_refused(alerted: Floor, manager: APIClient, said: dict) -> None:
    answer = manager.post(f"/api/v1/alerts/{the_alert().pk}/resolve/", said)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert the_alert().status == "open"


@pytest.mark.parametrize("path", PATHS[1:])
def test_what_is_resolved_stays_so(alerted: Floor, manager: APIClient, path: str) -> None:
    ask(manager, "resolve/", the_alert().pk)
    answer = manager.post(f"/api/v1/alerts/{the_alert().pk}/{path}", {"resolution": "false_alarm"})
    assert (answer.status_code, answer.json()["code"]) == (409, "already_resolved")
    assert the_alert().resolution == "fixed"


def test_the_schema_names_every_resolution(db: None) -> None:
    text = APIClient().get("/api/schema/?format=json")
    if text.status_code in (401, 403):
        user = User.objects.create_user("root", is_superuser=True)
        client = APIClient()
        client.force_login(user, backend=BACKEND)
        text = client.get("/api/schema/?format=json")
    paths = text.json()["paths"]
    assert {f"/api/v1/alerts/{{id}}/{path}" for path in PATHS} <= paths.keys()
    body = paths["/api/v1/alerts/{id}/resolve/"]["post"]["requestBody"]
    assert "Resolution" in str(body)
