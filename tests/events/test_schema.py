"""What the API says about itself."""

from typing import Any

import pytest
from django.test import Client

from tests.floor import Floor


@pytest.fixture
def paths(floor: Floor) -> Any:
    client = Client()
    client.force_login(floor.manager, backend="workers.authentication.MembershipBackend")
    return client.get("/api/schema/?format=json").json()["paths"]


def test_both_doors_of_events_are_described(paths: Any) -> None:
    assert {"get", "post"} <= set(paths["/api/v1/events/"])


def test_what_cameras_send_is_described_by_the_types_that_decode_it(paths: Any) -> None:
    body = paths["/api/v1/events/"]["post"]["requestBody"]["content"]["application/json"]
    assert {"$ref": "#/components/schemas/WireEvent"} in body["schema"]["oneOf"]


@pytest.mark.parametrize(
    "path, method, codes",
    [
        ("/api/v1/workers/", "get", {"200", "400", "401", "403"}),
        ("/api/v1/workers/", "post", {"201", "400", "401", "403"}),
        ("/api/v1/workers/{id}/", "patch", {"200", "400", "401", "403", "404"}),
        ("/api/v1/workers/{id}/", "delete", {"204", "401", "403", "404"}),
    ],
)
def test_refusals_are_described(paths: Any, path: str, method: str, codes: set[str]) -> None:
    assert set(paths[path][method]["responses"]) == codes


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options", "trace"])
def test_the_page_of_the_api_is_only_read(db: None, method: str) -> None:
    assert getattr(Client(), method)("/api/docs/").status_code == 405
