"""Addresses of admin actions that name nothing: an answer in words, never a fault."""

import pytest
from django.test import Client

from tests.workers.conftest import BrowserOf
from workers.models import Site

pytestmark = pytest.mark.django_db
ACTIONS = [
    "ingestkey/{}/rotate/",
    "ingestkey/{}/revoke/",
    "ingestkey/{}/connect/",
    "camera/{}/connect/",
    "membership/{}/access/",
    "membership/{}/account/",
    "membership/{}/new-password/",
    "invitation/{}/withdraw/",
    "invitation/{}/renew/",
]


@pytest.fixture
def admin(plant: Site, browser_of: BrowserOf) -> Client:
    return browser_of("admin")


@pytest.mark.parametrize("wrong", ["0", "x", "9" * 30, "1/2", "_5F", "%00", "-1"])
@pytest.mark.parametrize("address", ACTIONS)
def test_what_is_not_there_is_no_fault(address: str, wrong: str, admin: Client) -> None:
    path = f"/admin/workers/{address.format(wrong)}"
    assert admin.get(path, follow=True).status_code in (200, 403, 404)
    assert admin.post(path, {"confirmed": "1"}, follow=True).status_code in (200, 403, 404)
