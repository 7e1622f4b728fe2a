"""Writes master data, from API, admin and commands: by the models' rules, whole or not at all.

All `save_…` raise Django's ValidationError, `delete` raises InUse.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime, time
from decimal import Decimal
from types import EllipsisType
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from workers import recalculation
from workers.dated import endless_assignments, endless_targets, versions_at
from workers.models import (
    Camera,
    CameraModelVersion,
    Shift,
    ShiftAssignment,
    ShiftBreak,
    Site,
    Worker,
    Workstation,
    WorkstationTarget,
)


class InUse(Exception):
    """Facts or other master data speak of it, so it can't be deleted."""


def save(subject: models.Model) -> None:
    """For kinds without rows of their own around them."""
    with _one_write():
        _save(subject)


def save_site(site: Site, *, at: datetime) -> None:
    """A changed threshold, or what becomes of events below it, asks for a recalculation."""
    with _one_write():
        before = [_stored(site, name) for name in _THRESHOLD]
        _save(site)
        if before not in ([None, None], [getattr(site, name) for name in _THRESHOLD]):
            recalculation.request(site.pk, at=at)


_THRESHOLD = ("acceptance_threshold", "below_threshold")


def save_worker(worker: Worker, *, shifts: Collection[str] | None = None) -> None:
    """`shifts`, where given, replaces the worker's assignments that have no end."""
    with _one_write():
        _save(worker)
        if shifts is not None:
            _assign(worker, set(shifts))


def save_workstation(
    workstation: Workstation, *, target_per_hour: Decimal | EllipsisType | None = ...
) -> None:
    """`target_per_hour`, where given, replaces the target that has no end; None removes it."""
    with _one_write():
        _save(workstation)
        if target_per_hour is not ...:
            _aim(workstation, target_per_hour)


def save_camera(
    camera: Camera,
    *,
    at: datetime,
    workstations: Collection[str] | None = None,
    model_version: str | EllipsisType | None = ...,
) -> None:
    """`workstations` are codes; a new `model_version` runs from now on; a new ttl recalculates."""
    with _one_write():
        before = _stored(camera, "state_ttl_s")
        _save(camera)
        if workstations is not None:
            _watch(camera, set(workstations))
        if model_version is not ...:
            _run(camera, model_version, at)
        if before not in (None, camera.state_ttl_s):
            recalculation.request(camera.site_id, at=at)


def save_shift(
    shift: Shift, *, breaks: Collection[tuple[time, time]] | EllipsisType | None = None
) -> None:
    """A new name goes to all rows and assignments of the old one.

    `breaks` replaces its breaks; None leaves them, and they must still lie inside; `...` leaves
    them to the caller, who saves them next.
    """
    with _one_write():
        before = _stored(shift, "name")
        _save(shift)
        if before not in (None, shift.name):
            _rename(shift, before)
        if breaks is not ...:
            _pause(shift, breaks)


def delete(subject: models.Model) -> None:
    """Raises InUse when something speaks of it that may not vanish with it."""
    if blocker := blocker_of(subject):
        instead = _INSTEAD[hasattr(subject, "active_until")]
        raise InUse(f"{subject} is in use ({blocker}) and stays. {instead}")
    try:
        with transaction.atomic():
            subject.delete()
    except (models.ProtectedError, IntegrityError) as error:  # first used in this very moment
        raise InUse(f"{subject} is in use.") from error


def blocker_of(subject: models.Model) -> str:
    """A kind of thing that keeps the subject from being deleted, in the plural; empty if none.

    Asks for one row per kind: Django's own collector would load every event of a worker first.
    """
    if isinstance(subject, Shift) and _is_last_assigned(subject):
        return str(ShiftAssignment._meta.verbose_name_plural)
    for relation in subject._meta.related_objects:
        if relation.on_delete is models.PROTECT:
            rows = relation.related_model._base_manager.filter(**{relation.field.name: subject})
            if rows.exists():
                return str(relation.related_model._meta.verbose_name_plural)
    return ""


_INSTEAD = {
    True: "Retire it instead: set active_until to the first day that no longer counts.",
    False: "Delete or change those first.",
}


@contextmanager
def _one_write() -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:  # another writer was between our check and our write
        raise ValidationError("Another change came in between: look again and repeat.") from error


def _save(subject: models.Model) -> None:
    subject.full_clean()
    if subject._state.adding:
        subject.save()
        return
    # What the system itself keeps (revision, last seen) may have moved on since it was read.
    subject.save(
        update_fields=[
            f.name for f in subject._meta.concrete_fields if f.editable and not f.primary_key
        ]
    )


def _stored(subject: models.Model, field: str) -> Any:
    rows = type(subject)._default_manager.filter(pk=subject.pk)
    return rows.values_list(field, flat=True).first()


def _assign(worker: Worker, names: set[str]) -> None:
    with _blaming("shifts"):
        endless = endless_assignments().filter(worker=worker)
        endless.exclude(shift_name__in=names).delete()
        for name in sorted(names - set(endless.values_list("shift_name", flat=True))):
            _save(ShiftAssignment(worker=worker, shift_name=name))


def _aim(workstation: Workstation, per_hour: Decimal | None) -> None:
    endless = endless_targets().filter(workstation=workstation).first()
    if per_hour is None:
        if endless:
            endless.delete()
        return
    target = endless or WorkstationTarget(workstation=workstation)
    target.per_hour = per_hour
    with _blaming("target_per_hour"):
        _save(target)


def _watch(camera: Camera, codes: set[str]) -> None:
    rows = Workstation.objects.filter(site=camera.site_id, code__in=codes)
    found = {row.code: row for row in rows}
    if unknown := sorted(codes - found.keys()):
        raise ValidationError({"workstations": f"The site has no workstation {unknown[0]!r}."})
    camera.workstations.set(found.values())


def _run(camera: Camera, version: str | None, at: datetime) -> None:
    present = versions_at(at).filter(camera=camera).first()
    if version == (present.version if present else None):
        return
    if version is None:
        raise ValidationError({"model_version": "A camera that ran one goes on with one: name it."})
    since = None if present is None else at
    with _blaming("model_version"):
        _save(CameraModelVersion(camera=camera, version=version, runs_since=since))


def _rename(shift: Shift, before: str) -> None:
    others = Shift.objects.filter(site=shift.site_id).exclude(pk=shift.pk)
    if others.filter(name=shift.name).exists():
        raise ValidationError({"name": "The site has another shift of that name."})
    for row in others.filter(name=before):  # one by one: each has a history
        row.name = shift.name
        row.save(update_fields=["name"])
    for each in ShiftAssignment.objects.filter(worker__site=shift.site_id, shift_name=before):
        each.shift_name = shift.name
        each.save(update_fields=["shift_name"])


def _pause(shift: Shift, breaks: Collection[tuple[time, time]] | None) -> None:
    with _blaming("breaks"):
        present = {(each.start, each.end): each for each in shift.breaks.all()}
        wanted = list(present) if breaks is None else list(breaks)
        gone = [each.pk for marks, each in present.items() if marks not in wanted]
        shift.breaks.filter(pk__in=gone).delete()
        for marks in wanted:
            if marks in present:  # comes with this shift, so that its new times decide
                present.pop(marks).full_clean()
            else:
                _save(ShiftBreak(shift=shift, start=marks[0], end=marks[1]))


def _is_last_assigned(shift: Shift) -> bool:
    namesakes = Shift.objects.filter(site=shift.site_id, name=shift.name).exclude(pk=shift.pk)
    assigned = ShiftAssignment.objects.filter(worker__site=shift.site_id, shift_name=shift.name)
    return assigned.exists() and not namesakes.exists()


@contextmanager
def _blaming(field: str) -> Iterator[None]:
    try:
        yield
    except ValidationError as error:
        raise ValidationError({field: error.messages}) from error
