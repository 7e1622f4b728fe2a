"""Kills agents and servers while cameras post, and cuts the network between; then compares."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.edge.agent.agents import START, AgentProcess, Json, event, post
from tests.edge.agent.fault_proxy import Fault, FaultProxy
from tests.fault_profile import Account

CAMERAS = 4
PAUSE_S = 0.01  # between the events of a camera
AWAY = [Fault.CUT, Fault.RESET_ANSWER, Fault.HALF_ANSWER, Fault.NO_ANSWER, Fault.BLACK_HOLE]
HASTY = ("--timeout", "0.3", "--batch", "40")


@dataclass
class Cameras:
    """Each posts event after event, and each event until an agent has taken it."""

    port: int
    sees: Callable[[int, int], Json]  # what the camera of that number sees, as its n-th event
    acknowledged: dict[tuple[str, str], Json] = field(default_factory=dict)
    _stop: threading.Event = field(default_factory=threading.Event)  # no further events
    _give_up: threading.Event = field(default_factory=threading.Event)  # nor the same again
    _threads: list[threading.Thread] = field(default_factory=list)

    def start(self) -> None:
        for number in range(1, CAMERAS + 1):
            self._threads.append(threading.Thread(target=self._work, args=(number,), daemon=True))
            self._threads[-1].start()

    def end(self) -> None:
        """Once every event that was sent has been taken, or shown not to be."""
        self._stop.set()
        for each in self._threads:
            each.join(20)
        left = sum(each.is_alive() for each in self._threads)
        self._give_up.set()
        assert not left, f"No agent takes the last events of {left} cameras"

    def _work(self, number: int) -> None:
        n = 0
        while not self._stop.is_set():
            seen = self.sees(number, n)
            if self._is_taken(seen):
                self.acknowledged[seen["camera_id"], seen["timestamp"]] = seen
            n += 1
            time.sleep(PAUSE_S)

    def _is_taken(self, seen: Json) -> bool:
        """Once it has been sent it may be there, so it is sent until somebody says yes."""
        while not self._give_up.is_set():
            try:
                answer = post(f"http://127.0.0.1:{self.port}", seen, seconds=2)
            except OSError:
                time.sleep(0.01)
                continue
            if answer.status == 202:
                return True
        return False


def usual(number: int, n: int) -> Json:
    return event(n, camera_id=f"CAM-{number}", worker_id=f"W{number}")


def kill_agents(
    folder: Path, proxy: FaultProxy, account: Account, *, port: int, bug: str = ""
) -> Cameras:
    """At moments drawn by lot; the last agent is left to send everything."""
    dice = account.dice
    command = ("-m", "tests.edge.agent.broken_agents", bug, "agent") if bug else START
    listen = ("--listen", f"127.0.0.1:{port}")
    cameras = Cameras(port, usual)
    for turn in account.turns():
        with AgentProcess(folder, proxy.url, *HASTY, *listen, command=command):
            if not turn:
                cameras.start()
            time.sleep(dice.uniform(0.02, 0.15))
            proxy.set(dice.choice(AWAY) if dice.random() < 0.5 else Fault.NONE)
            time.sleep(dice.uniform(0.02, 0.15))
        proxy.heal()
        account.acknowledged = len(cameras.acknowledged)
    with AgentProcess(folder, proxy.url, *HASTY, *listen, command=command) as agent:
        time.sleep(0.1)
        cameras.end()
        agent.wait_until_empty()
    return cameras
