"""Who stands on the ladder: cameras with their keys, each with workers who change what they do."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

EVERY_S = 5.0  # a camera tells this often what it saw of each of its workers
_STATES = ("working", "working", "working", "idle", "absent")
_CHANGES = 0.05  # of the reports
_UNITS = 0.1  # reports of work that come with a finished unit instead


@dataclass(frozen=True)
class Camera:
    """A camera of a site, at one workstation, with those who work there."""

    key: str
    code: str
    workstation: str
    workers: tuple[str, ...]


@dataclass(frozen=True)
class Dashboard:
    """A manager's page that stands open."""

    token: str
    site: str


def reports(camera: Camera, seed: int) -> Iterator[list[tuple[str, str, float]]]:
    """Report after report: (worker, event type, confidence) of each worker."""
    dice = Random(seed)
    states = [dice.choice(_STATES) for _ in camera.workers]
    while True:
        said = []
        for index, worker in enumerate(camera.workers):
            if dice.random() < _CHANGES:
                states[index] = dice.choice(_STATES)
            is_unit = states[index] == "working" and dice.random() < _UNITS
            confidence = round(1 - 0.3 * dice.random() ** 2, 3)
            said.append((worker, "product_count" if is_unit else states[index], confidence))
        yield said


def body(camera: Camera, said: list[tuple[str, str, float]], timestamp: str) -> bytes:
    """A report as JSON."""
    events = (
        f'{{"timestamp":"{timestamp}","worker_id":"{worker}","workstation_id":"{camera.workstation}",'
        f'"event_type":"{event_type}","confidence":{confidence},"camera_id":"{camera.code}"}}'
        for worker, event_type, confidence in said
    )
    return f"[{','.join(events)}]".encode()
