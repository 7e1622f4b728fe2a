"""How sure a simulated model is of what it sees."""

from __future__ import annotations

from random import Random

from edge.plan import Camera
from edge.sighting import ABSENT, IDLE, PRODUCT_COUNT, WORKING

USUAL = {WORKING: 0.94, IDLE: 0.91, ABSENT: 0.92, PRODUCT_COUNT: 0.95}
SPREAD = {WORKING: 0.02, IDLE: 0.03, ABSENT: 0.025, PRODUCT_COUNT: 0.015}
LOWEST, HIGHEST = 0.05, 0.995


def sunk_after(camera: Camera, hours: float) -> float:
    """How much less sure the camera's model is after so many hours."""
    return camera.confidence_sunk + camera.confidence_drift_per_hour * hours


def confidence_of(event_type: str, dice: Random, *, sunk: float) -> float:
    """A confidence near the usual one of the type, less what the model has sunk by since then."""
    noisy = dice.gauss(USUAL[event_type] - sunk, SPREAD[event_type])
    return round(min(max(noisy, LOWEST), HIGHEST), 3)
