"""A request's number, and its line in the log."""

import json
import logging
import re
from collections.abc import Iterator

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import path

from common import requests
from common.logs import JsonFormatter, OnlyTracebacks, TextFormatter, known_by
from tests.floor import Floor, event

MADE = re.compile(r"[0-9a-f]{16}")


def fails(_request: HttpRequest, **_parts: str) -> HttpResponse:
    logging.getLogger("some.code").warning("It is about to fail.")
    raise ValueError("on purpose")


urlpatterns = [
    path("fails/", fails),
    path("invitation/<str:token>/", fails),
    path("api/fails/", fails),
    path("overview/", fails, name="overview"),  # the page of a fault leads there
]
handler500 = "common.http.server_error"


class Lines(logging.Handler):
    """What would be written, taken apart."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(JsonFormatter())
        self.addFilter(lambda record: record.name != "asyncio")
        self.found: list[dict[str, object]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.found.append(json.loads(self.format(record)))


@pytest.fixture
def lines() -> Iterator[list[dict[str, object]]]:
    handler = Lines()
    logging.getLogger().addHandler(handler)
    yield handler.found
    logging.getLogger().removeHandler(handler)


@pytest.fixture
def caller() -> Client:
    return Client(raise_request_exception=False)


def test_number_of_a_proxy_is_kept() -> None:
    answer = Client().get("/healthz", headers={"X-Request-ID": "from-the-proxy.1"})
    assert answer.headers["X-Request-ID"] == "from-the-proxy.1"


@pytest.mark.parametrize("given", ["", "short", "x" * 65, "with space", 'quote"quote', "tschüss-1"])
def test_number_that_is_not_sane_is_made_anew(given: str) -> None:
    answer = Client().get("/healthz", headers={"X-Request-ID": given})
    assert MADE.fullmatch(answer.headers["X-Request-ID"])


@pytest.mark.urls("tests.common.test_requests")
def test_page_of_a_fault_tells_the_number_that_all_its_lines_carry(
    caller: Client, lines: list[dict[str, object]]
) -> None:
    answer = caller.get("/api/fails/")
    number = answer.headers["X-Request-ID"]
    assert answer.json()["request_id"] == number
    assert {line["request_id"] for line in lines} == {number}
    assert {line["logger"] for line in lines} == {
        "some.code", "django.request", "factory.requests",
    }  # fmt: skip


@pytest.mark.urls("tests.common.test_requests")
def test_fault_is_logged_with_its_traceback_and_what_was_asked(
    caller: Client, lines: list[dict[str, object]]
) -> None:
    caller.get("/api/fails/?site=F1&token=secret")
    told = next(line for line in lines if line["logger"] == "factory.requests")
    wanted = {"method": "GET", "path": "/api/fails/", "status": 500, "site": "F1", "level": "error"}
    assert {name: told[name] for name in wanted} == wanted
    assert any("ValueError: on purpose" in str(line.get("exception")) for line in lines)


@pytest.mark.urls("tests.common.test_requests")
@override_settings(LOG_REQUESTS=True)
@pytest.mark.parametrize(
    "address",
    ["/invitation/s3cret/", "/invitation/s3cret", "/password/s3cret/x/", "/api/fails/?key=s3cret"],
)
def test_what_opens_a_door_is_in_no_line(
    caller: Client, lines: list[dict[str, object]], address: str
) -> None:
    caller.get(address)
    assert lines
    assert "s3cret" not in json.dumps(lines)


def test_answers_that_are_fine_are_not_logged(lines: list[dict[str, object]]) -> None:
    Client().get("/healthz")
    assert lines == []


def test_slow_answer_is_logged(
    lines: list[dict[str, object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(requests, "SLOW_S", 0)
    Client().get("/healthz")
    assert [(line["path"], line["level"]) for line in lines] == [("/healthz", "warning")]


@override_settings(LOG_REQUESTS=True)
def test_with_log_requests_all_are_and_the_site_of_a_key_is_known(
    floor: Floor, lines: list[dict[str, object]]
) -> None:
    floor.post(event("08:00"))
    [line] = [line for line in lines if line["logger"] == "factory.requests"]
    assert (line["path"], line["site_id"]) == ("/api/v1/events/", floor.site.pk)
    assert floor.key not in json.dumps(lines)


def record(message: str = "Words %s", *args: object) -> logging.LogRecord:
    return logging.LogRecord("a.logger", logging.INFO, __file__, 1, message, args or (1,), None)


def test_json_line_is_one_line_whatever_is_in_it() -> None:
    line = JsonFormatter().format(record("%s", 'a\nb "c" \ud800'))
    assert line.count("\n") == 0
    assert json.loads(line)["message"] == 'a\nb "c" \ud800'


def test_text_line_ends_with_what_is_known() -> None:
    with known_by(task="some.task"):
        assert TextFormatter().format(record()).endswith("INFO a.logger Words 1 [task=some.task]")
    assert TextFormatter().format(record()).endswith("INFO a.logger Words 1")


def test_django_tells_of_a_request_only_where_it_failed() -> None:
    assert not OnlyTracebacks().filter(record("%s: /invitation/secret/"))


def test_path_cannot_begin_a_line_of_its_own() -> None:
    request = RequestFactory().get("/a%0Ab")
    request.resolver_match = None
    assert "\n" not in requests.safe_path(request)
