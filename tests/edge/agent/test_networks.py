"""Networks that fail in every way: each event arrives, once, at its own time."""

import ssl
import subprocess
import threading
from pathlib import Path

import pytest

from tests.edge.agent.agents import event
from tests.edge.agent.conftest import Start
from tests.edge.agent.fake_ingest import FakeIngest
from tests.edge.agent.fault_proxy import Fault, FaultProxy

pytestmark = pytest.mark.faults
HASTY = ("--timeout", "0.3")
FAULTS = [each for each in Fault if each is not Fault.NONE]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name.lower())
def test_events_arrive_once_the_network_is_well(
    start: Start, ingest: FakeIngest, proxy: FaultProxy, fault: Fault
) -> None:
    agent = start(*HASTY, url=proxy.url)
    agent.put(*(event(n) for n in range(50)))
    ingest.wait_for_stored(50)
    proxy.set(fault)
    agent.put(*(event(n) for n in range(50, 120)))
    seen = proxy.connections
    agent.wait_until(lambda: proxy.connections > seen + 1)
    proxy.heal()
    ingest.wait_for_stored(120)
    agent.wait_until_empty()

    stored = sorted(each["timestamp"] for each in ingest.stored.values())
    assert stored == [event(n)["timestamp"] for n in range(120)]
    counted = agent.health()["counted"]
    assert counted["accepted"] + counted["duplicate"] == 120


@pytest.mark.parametrize("fault", [Fault.CUT, Fault.BLACK_HOLE, Fault.GARBAGE])
def test_trouble_and_its_end_are_told_once(
    start: Start, ingest: FakeIngest, proxy: FaultProxy, fault: Fault
) -> None:
    agent = start(*HASTY, url=proxy.url)
    proxy.set(fault)
    agent.put(event())
    agent.wait_until(lambda: agent.health()["link"]["failures"] > 3)
    proxy.heal()
    ingest.wait_for_stored(1)
    agent.wait_until(lambda: agent.said("link_up"))
    assert len(agent.said("link_down")) == len(agent.said("link_up")) == 1


def test_slow_network_is_no_trouble(start: Start, ingest: FakeIngest, proxy: FaultProxy) -> None:
    proxy.set(Fault.DELAY)
    proxy.delay = 0.1
    agent = start(url=proxy.url)
    agent.put(*(event(n) for n in range(600)))
    ingest.wait_for_stored(600)
    assert not agent.said("link_down")


def test_answer_that_drips_is_cut_off(start: Start, ingest: FakeIngest, proxy: FaultProxy) -> None:
    proxy.delay = 0.2  # less than the timeout, and endless in sum
    proxy.set(Fault.DRIP)
    agent = start(*HASTY, url=proxy.url)
    agent.put(event())
    agent.wait_until(lambda: agent.said("link_down"))
    proxy.heal()
    agent.wait_until_empty()


def test_posts_are_taken_while_the_network_is_away(start: Start, proxy: FaultProxy) -> None:
    proxy.set(Fault.BLACK_HOLE)
    agent = start(*HASTY, url=proxy.url)
    for n in range(20):
        agent.put(event(n))
    assert agent.health()["waiting"] == 20


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    path = tmp_path / "certificate.pem"
    words = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost"
    words += f" -keyout {path} -out {path}.crt"
    names = "subjectAltName=DNS:localhost,IP:127.0.0.1"
    subprocess.run(["openssl", *words.split(), "-addext", names], check=True, capture_output=True)
    path.write_bytes(path.read_bytes() + Path(f"{path}.crt").read_bytes())
    return path


@pytest.fixture
def secure(ingest: FakeIngest, certificate: Path) -> FakeIngest:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    ingest._http.socket = context.wrap_socket(ingest._http.socket, server_side=True)
    return ingest


def test_certificate_that_nobody_vouches_for_keeps_the_events(
    start: Start, secure: FakeIngest, certificate: Path
) -> None:
    agent = start(url=secure.url.replace("http:", "https:"))
    agent.put(event())
    agent.wait_until(lambda: agent.said("link_down"))
    assert "CERTIFICATE_VERIFY_FAILED" in agent.said("link_down")[0]["reason"]
    assert agent.health()["waiting"] == 1
    agent.end()
    start("--ca-file", f"{certificate}.crt", url=secure.url.replace("http:", "https:"))
    secure.wait_for_stored(1)


def test_server_that_speaks_no_tls_keeps_the_events(start: Start, ingest: FakeIngest) -> None:
    agent = start(url=ingest.url.replace("http:", "https:"))
    agent.put(event())
    agent.wait_until(lambda: agent.said("link_down"))
    assert agent.health()["waiting"] == 1


def test_network_that_comes_and_goes(start: Start, ingest: FakeIngest, proxy: FaultProxy) -> None:
    """Eight cameras post while the network changes its mind fifty times."""
    agent = start(*HASTY, url=proxy.url)
    over = threading.Event()

    def camera(number: int) -> None:
        for n in range(150):
            agent.put(event(n, camera_id=f"CAM-{number}"))

    cameras = [threading.Thread(target=camera, args=(number,)) for number in range(8)]
    for each in cameras:
        each.start()
    for turn in range(50):
        proxy.set([*FAULTS, Fault.NONE][turn * 7 % len([*FAULTS, Fault.NONE])])
        over.wait(0.04)
    proxy.heal()
    for each in cameras:
        each.join()
    agent.wait_until_empty()
    assert len(ingest.stored) == 8 * 150
