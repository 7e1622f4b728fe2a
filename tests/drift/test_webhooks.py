"""One webhook over a real connection: what is sent, what has arrived, how long it may take."""

import ipaddress
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import standardwebhooks

from drift.domain import signatures
from drift.domain.delivery import Outcome
from drift.notifying import webhooks
from drift.notifying.webhooks import Policy
from tests.drift import receivers
from tests.drift.receivers import CERTIFICATE, Server, server, status

LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128"))


@pytest.fixture
def good() -> Iterator[Server]:
    with server() as one:
        yield one


@pytest.fixture
def secure() -> Iterator[Server]:
    with server("127.0.0.3", is_secure=True) as one:
        yield one


def policy(**more: Any) -> Policy:
    return Policy(networks=LOOPBACK, plain_http=True, **more)


def trusting(**more: Any) -> Policy:
    """Knows the test's certificate."""
    found = {"look_up": lambda _host, _port: ["127.0.0.3"], **more}
    return Policy(LOOPBACK, tls=ssl.create_default_context(cafile=str(CERTIFICATE)), **found)


def post(one: Server, body: bytes = b"{}", **headers: str) -> Outcome:
    return webhooks.post(one.url, body, headers, by=policy())


def test_it_arrives_as_it_is(good: Server) -> None:
    outcome = post(good, b'{"a": 1}', **{"webhook-id": "msg_1"})
    (request,) = good.requests
    assert outcome == (True, "Answered 204.", False, False, 0)
    assert (request.line, request.body) == ("POST /hook HTTP/1.1", b'{"a": 1}')
    assert request.headers["content-type"] == "application/json"
    assert request.headers["webhook-id"] == "msg_1"


@pytest.mark.parametrize("code", [200, 201, 202, 204, 299])
def test_any_success_counts(good: Server, code: int) -> None:
    good.answer = status(code)
    assert post(good).is_sent


@pytest.mark.parametrize("code", [400, 401, 403, 404, 410, 429, 500, 503])
def test_nothing_else_does(good: Server, code: int) -> None:
    good.answer = status(code)
    outcome = post(good)
    assert (outcome.is_sent, outcome.said) == (False, f"Answered {code}.")
    assert outcome.is_gone == (code == 410)


def test_a_receiver_may_ask_for_rest(good: Server) -> None:
    good.answer = status(503, "retry-After:  120 ")
    assert post(good).rest_s == 120


def test_what_comes_before_the_answer_is_passed_over(good: Server) -> None:
    good.answer = status(100) + status(103, "Link: </x>") + status(201)
    assert post(good).said == "Answered 201."


@pytest.mark.parametrize(
    "answer", [b"", b"SSH-2.0-OpenSSH\r\n\r\n", b"HTTP/2 200\r\n\r\n", b"\xff"]
)
def test_other_protocols_are_no_answer(good: Server, answer: bytes) -> None:
    good.answer = answer
    assert post(good).said == "It did not answer in HTTP."


def test_a_body_has_a_limit(good: Server) -> None:
    assert post(good, b"x" * webhooks.MAX_BODY).is_sent
    assert post(good, b"x" * (webhooks.MAX_BODY + 1)).said == "Refused: A message may have 256 KB."


def test_an_endless_answer_is_cut_off(good: Server) -> None:
    good.answer = receivers.floods
    assert post(good).said == "Refused: Its answer has too long a head."


@pytest.mark.parametrize("way", ["hangs", "drips"])
def test_a_slow_answer_costs_no_more_than_the_deadline(
    good: Server, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "DEADLINE_S", 0.4)
    good.answer = good.hangs if way == "hangs" else receivers.drips
    begun = time.monotonic()
    assert post(good).said == "It did not answer in time."
    assert time.monotonic() - begun < 2


def test_a_handshake_that_never_ends_costs_no_more_either(
    secure: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "DEADLINE_S", 0.4)
    secure.answer = receivers.never_shakes_hands
    url = f"https://hooks.example.test:{secure.port}/"
    begun = time.monotonic()
    assert webhooks.post(url, b"{}", {}, by=trusting()).said == "It did not answer in time."
    assert time.monotonic() - begun < 2


def test_who_does_not_listen_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    outcome = webhooks.post(f"http://127.0.0.1:{port}/", b"{}", {}, by=policy())
    assert outcome.said == "No connection: Connection refused."


def test_of_several_addresses_the_first_that_answers_counts(good: Server) -> None:
    by = policy(look_up=lambda _host, _port: ["127.0.0.9", "::1", "127.0.0.1"])
    assert webhooks.post(f"http://x.example:{good.port}/", b"{}", {}, by=by).is_sent


def _raise(error: Exception) -> Callable[[str, int], list[str]]:
    def look_up(_host: str, _port: int) -> list[str]:
        raise error

    return look_up


@pytest.mark.parametrize(
    "look_up", [_raise(socket.gaierror(-2, "unknown")), lambda _host, _port: []]
)
def test_a_name_that_nobody_knows_is_said(look_up: Callable[[str, int], list[str]]) -> None:
    outcome = webhooks.post("https://nobody.example/", b"{}", {}, by=policy(look_up=look_up))
    assert outcome.said == "Its name could not be looked up."


def test_a_name_server_that_does_not_answer_costs_no_more_than_the_deadline(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(webhooks, "LOOK_UP_S", 0.2)
    answered = threading.Event()

    def look_up(_host: str, _port: int) -> list[str]:
        answered.wait(30)
        return ["127.0.0.1"]

    begun = time.monotonic()
    outcome = webhooks.post("https://slow.example/", b"{}", {}, by=policy(look_up=look_up))
    assert outcome.said == "Its name could not be looked up."
    assert time.monotonic() - begun < 2
    answered.set()


# --- TLS ------------------------------------------------------------------------------------------


def test_the_certificate_is_that_of_the_name(secure: Server) -> None:
    url = f"https://hooks.example.test:{secure.port}/"
    assert webhooks.post(url, b"{}", {}, by=trusting()).is_sent
    assert secure.requests[0].headers["host"] == f"hooks.example.test:{secure.port}"


def test_a_certificate_for_a_number_is_fine_too(secure: Server) -> None:
    url = f"https://127.0.0.3:{secure.port}/"
    assert webhooks.post(url, b"{}", {}, by=trusting()).is_sent


def test_another_names_certificate_is_refused(secure: Server) -> None:
    url = f"https://other.example.test:{secure.port}/"
    said = webhooks.post(url, b"{}", {}, by=trusting()).said
    assert said.startswith("Its certificate is not accepted: Hostname mismatch")
    assert secure.requests == []


def test_a_certificate_that_nobody_vouches_for_is_refused(secure: Server) -> None:
    by = Policy(LOOPBACK, look_up=lambda _host, _port: ["127.0.0.3"])
    said = webhooks.post(f"https://hooks.example.test:{secure.port}/", b"{}", {}, by=by).said
    assert said == "Its certificate is not accepted: self-signed certificate."


def test_a_plain_server_is_no_secure_one(good: Server) -> None:
    by = trusting(look_up=lambda _host, _port: ["127.0.0.1"])
    good.answer = b"HTTP/1.1 200 OK\r\n\r\n"
    url = f"https://hooks.example.test:{good.port}/"
    assert not webhooks.post(url, b"{}", {}, by=by).is_sent


# --- Signatures -----------------------------------------------------------------------------------

SECRET = signatures.secret_of("the server's key", "salt")


def signed(*secrets: bytes, body: bytes, at: float) -> dict[str, str]:
    return signatures.headers(secrets, message_id="msg_7", sent_at_s=int(at), body=body)


def test_the_standards_own_library_accepts_a_signature() -> None:
    body = json.dumps({"type": "alert.opened", "data": {"name": "Überprüfung"}}).encode()
    headers = signed(SECRET, body=body, at=time.time())
    receiver = standardwebhooks.Webhook(signatures.text_of(SECRET))
    assert receiver.verify(body, headers) == json.loads(body)


@pytest.mark.parametrize("part", ["body", "webhook-id", "webhook-timestamp", "secret"])
def test_it_refuses_whatever_was_changed(part: str) -> None:
    body = b'{"type":"test"}'
    headers = signed(SECRET, body=body, at=time.time())
    secret = signatures.secret_of("the server's key", "other") if part == "secret" else SECRET
    if part in headers:
        headers[part] = str(int(time.time()) - 5) if part == "webhook-timestamp" else "msg_8"
    receiver = standardwebhooks.Webhook(signatures.text_of(secret))
    with pytest.raises(standardwebhooks.WebhookVerificationError):
        receiver.verify(body + b" " if part == "body" else body, headers)


def test_while_secrets_overlap_either_will_do() -> None:
    other = signatures.secret_of("the server's key", "other")
    headers = signed(SECRET, other, body=b"{}", at=time.time())
    for secret in (SECRET, other):
        standardwebhooks.Webhook(signatures.text_of(secret)).verify(b"{}", headers)


def test_a_secret_follows_from_the_servers_key_alone_and_has_256_bits() -> None:
    assert signatures.secret_of("a", "s") == signatures.secret_of("a", "s")
    others = [signatures.secret_of("b", "s"), signatures.secret_of("a", "t")]
    assert signatures.secret_of("a", "s") not in others
    assert len(SECRET) == 32
    assert signatures.fingerprint(SECRET) not in signatures.text_of(SECRET)
