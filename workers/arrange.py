"""Arranges many at once: retires and brings back, assigns to a shift, sets a target, from a day on.

Each call is whole or not at all, and raises Django's ValidationError. What held before the day
stays as it was.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction

from workers import registry
from workers.models import (
    Camera,
    Shift,
    ShiftAssignment,
    Worker,
    Workstation,
    WorkstationTarget,
)
from workers.revisions import raised_once

Retirable = Worker | Workstation | Camera


@transaction.atomic
def retire(subjects: Collection[Retirable], *, on: date) -> None:
    """`on` is the first day that no longer counts."""
    _end_all(subjects, on)


@transaction.atomic
def bring_back(subjects: Collection[Retirable]) -> None:
    """They count again without an end; on the days between too, since there is one span of days."""
    _end_all(subjects, None)


@transaction.atomic
def assign(workers: Collection[Worker], *, shift: str, on: date, alone: bool) -> None:
    """From that day until further notice they have the shift: alone, or besides their others."""
    with raised_once():
        for each in workers:
            with _naming(each):
                _assign(each, shift, on, alone)


@transaction.atomic
def aim(stations: Collection[Workstation], *, per_hour: Decimal | None, on: date) -> None:
    """From that day until further notice the target holds; None: there is none."""
    with raised_once():
        for each in stations:
            with _naming(each):
                _aim(each, per_hour, on)


def _end_all(subjects: Collection[Retirable], on: date | None) -> None:
    with raised_once():
        for each in subjects:
            with _naming(each):
                each.active_until = on
                registry.save(each)


def _assign(worker: Worker, shift: str, on: date, alone: bool) -> None:
    rows = list(worker.shift_assignments.order_by("id"))
    if not rows and not alone:
        return  # none is named: they have all of the site's shifts already
    if not rows:
        rows = _all_shifts(worker)
    later = [row for row in rows if _begins_by(row, on)]
    for row in later:
        if alone or row.shift_name == shift:
            row.delete()
    earlier = [row for row in rows if row not in later]
    same = [row for row in earlier if row.shift_name == shift and _reaches(row, on)]
    for row in earlier:
        if alone and row not in same and row.valid_until != on and _reaches(row, on):
            _end(row, on)
    if same:
        _end(same[0], None)
        return
    registry.save(ShiftAssignment(worker=worker, shift_name=shift, valid_from=on))


def _all_shifts(worker: Worker) -> list[ShiftAssignment]:
    """Names what a worker without named shifts has, so that the days before stay as they were."""
    names = Shift.objects.filter(site=worker.site_id).values_list("name", flat=True)
    rows = [ShiftAssignment(worker=worker, shift_name=name) for name in sorted(set(names))]
    for row in rows:
        registry.save(row)
    return rows


def _aim(station: Workstation, per_hour: Decimal | None, on: date) -> None:
    rows = list(station.targets.order_by("id"))
    for row in rows:
        if _begins_by(row, on):
            row.delete()
        elif _reaches(row, on) and row.valid_until != on:
            _end(row, on)
    if per_hour is not None:
        registry.save(WorkstationTarget(workstation=station, per_hour=per_hour, valid_from=on))


def _begins_by(row: ShiftAssignment | WorkstationTarget, on: date) -> bool:
    """Whether it begins on that day or later."""
    return row.valid_from is not None and row.valid_from >= on


def _reaches(row: ShiftAssignment | WorkstationTarget, on: date) -> bool:
    """Whether it lasts up to that day or beyond it."""
    return row.valid_until is None or row.valid_until >= on


def _end(row: ShiftAssignment | WorkstationTarget, on: date | None) -> None:
    row.valid_until = on
    registry.save(row)


@contextmanager
def _naming(subject: Retirable) -> Iterator[None]:
    """What is refused is told with the code of which of them."""
    try:
        yield
    except ValidationError as error:
        raise ValidationError(f"{subject.code}: {' '.join(error.messages)}") from error
