"""One kept-alive connection to the server."""

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from edge.link import HttpLink, server_address
from edge.wire import as_json
from tests.edge.fake_server import HANG_UP, FakeServer, Reply

BODY = as_json("CAM-1", [])


@pytest.fixture
def link(server: FakeServer) -> Iterator[HttpLink]:
    link = HttpLink(server.url, "secret")
    yield link
    link.close()


def test_server_that_hung_up_in_between_is_asked_again(server: FakeServer, link: HttpLink) -> None:
    link.post(BODY)
    server.replies.append(Reply(HANG_UP))

    assert link.post(BODY).status == 200


def test_server_that_stays_silent_has_not_answered() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        link = HttpLink(f"http://127.0.0.1:{silent.getsockname()[1]}", "secret", timeout=0.05)

        assert link.post(BODY).problem == "timed out"


def test_path_of_the_address_is_kept(server: FakeServer) -> None:
    link = HttpLink(f"{server.url}/factory/", "secret")
    link.post(BODY)
    link.close()

    assert server.requests[0].path == "/factory/api/v1/events/"


@pytest.mark.parametrize(
    "retry_after, seconds",
    [("7", 7), ("soon", None), ("Thu, 01 Jan 2026 00:00:00 GMT", 0), ("1 Jan 2026 00:00", None)],
)
def test_retry_after_is_read(
    server: FakeServer, link: HttpLink, retry_after: str, seconds: float | None
) -> None:
    server.replies.append(Reply(503, headers={"Retry-After": retry_after}))

    assert link.post(BODY).retry_after == seconds


def test_retry_after_may_be_a_date(server: FakeServer, link: HttpLink) -> None:
    in_an_hour = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    server.replies.append(Reply(503, headers={"Retry-After": in_an_hour}))

    assert 3500 < (link.post(BODY).retry_after or 0) <= 3600


@pytest.mark.parametrize(
    "url", ["localhost:8000", "ftp://a", "http://", "http://a b", "http://a:0"]
)
def test_address_that_cannot_be_reached_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="is not an address such as"):
        server_address(url)
