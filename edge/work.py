"""A worker at a workstation as a state machine: works, rests, walks off, finishes units."""

from __future__ import annotations

from datetime import datetime
from random import Random

from edge.pace import Pace, whole_ms
from edge.sighting import ABSENT, IDLE, PRODUCT_COUNT, WORKING

STARTS_WORKING = 0.85  # share of arrivals that find something to do at once
WALKS_OFF = 0.15  # share of changes that lead away from the workstation


class Work:
    """What goes on from the worker's arrival; a unit keeps its progress while hands rest."""

    def __init__(self, pace: Pace, dice: Random, *, arrived_at: datetime) -> None:
        self._pace = pace
        self._unit_due_at: datetime | None = None
        self._dice = dice
        self._unit_left = whole_ms(pace.cycle(dice).total_seconds() * dice.uniform(0, 0.6))
        self._enter(WORKING if dice.random() < STARTS_WORKING else IDLE, arrived_at)

    @property
    def next_at(self) -> datetime:
        """When something happens next: a unit is finished or the state ends."""
        return min(self._unit_due_at or self._state_ends_at, self._state_ends_at)

    def step(self, at: datetime) -> str:
        """The type of event to report at this instant, no later than `next_at`."""
        if self._unit_due_at is not None and self._unit_due_at <= at:
            self._unit_due_at = at + self._pace.cycle(self._dice)
            return PRODUCT_COUNT
        if self._state_ends_at <= at:
            self._put_unit_down(at)
            self._enter(self._next_state(), at)
        return self.state

    def _put_unit_down(self, at: datetime) -> None:
        if self._unit_due_at is not None:
            self._unit_left = self._unit_due_at - at

    def _next_state(self) -> str:
        if self.state == ABSENT:
            return WORKING
        if self._dice.random() < WALKS_OFF:
            return ABSENT
        return WORKING if self.state == IDLE else IDLE

    def _enter(self, state: str, at: datetime) -> None:
        self.state = state
        self._state_ends_at = at + self._pace.stay(state, self._dice)
        self._unit_due_at = at + self._unit_left if state == WORKING else None
