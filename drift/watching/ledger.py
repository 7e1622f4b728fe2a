"""Brings alerts in line with a replay: opens, changes, resolves and withdraws them, and tells so.

A record and a case of the replay are the same alert when they were first detected at the same time,
or else when they overlap: late events move what is already known.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from common.instants import to_datetime, to_ms, to_rfc3339
from drift.domain.alerts import Case, Round
from drift.domain.detector import Alarm
from drift.domain.inputs import FOREVER
from drift.models import Alert, AlertTransition, Kind, Resolution, Severity, Status
from drift.reviewing import queue
from drift.watching import telling
from workers.models import Camera

Happened = AlertTransition.Kind


class News(NamedTuple):
    """Something that happened and is not written down yet."""

    kind: str
    at: int
    resolution: str = ""
    note: str = ""


def settle(camera: Camera, model_version: str, cases: Sequence[Case], *, now_ms: int) -> bool:
    """Whether anything changed. To be called by the site's one writer; safe to repeat."""
    known = Alert.objects.filter(camera=camera, model_version=model_version, is_live=False)
    stored = list(known.select_related("site", "camera").order_by("first_detected_at", "pk"))
    pairs = _paired(cases, stored)
    found = {record.pk for _, record in pairs if record is not None}
    changes = [_withdraw(record, now_ms) for record in stored if record.pk not in found]
    for case, record in pairs:
        draft = record or Alert(site=camera.site, camera=camera, model_version=model_version)
        changes.append(_bring_in_line(draft, case, now_ms))
    return any(changes)


def log(record: Alert, news: News, *, now_ms: int, **more: Any) -> None:
    """Writes down what happened."""
    record.transitions.create(**news._asdict(), recorded_at=now_ms, **more)


def _paired(cases: Sequence[Case], stored: list[Alert]) -> list[tuple[Case, Alert | None]]:
    free = {to_ms(record.first_detected_at): record for record in stored}
    exact = [free.pop(case[0].detected_at, None) for case in cases]
    return [
        (case, record or _overlapping(case, free))
        for case, record in zip(cases, exact, strict=True)
    ]


def _overlapping(case: Case, free: dict[int, Alert]) -> Alert | None:
    start, end = case[0].onset_at, case[-1].resolved_at or FOREVER
    for at, record in free.items():
        ended = FOREVER if record.resolved_at is None else to_ms(record.resolved_at)
        is_gone = record.resolution == Resolution.WITHDRAWN
        if not is_gone and to_ms(record.onset_at) < end and start < ended:
            return free.pop(at)
    return None


def _withdraw(record: Alert, now_ms: int) -> bool:
    """What the replay no longer finds; what a person has resolved stays so."""
    if record.resolution == Resolution.WITHDRAWN or record.resolved_by_id is not None:
        return False
    was_open = record.status != Status.RESOLVED
    record.status, record.resolution = Status.RESOLVED, Resolution.WITHDRAWN
    record.resolved_at = to_datetime(now_ms)
    record.save()
    log(record, News(Happened.WITHDRAWN, now_ms, record.resolution), now_ms=now_ms)
    if was_open:
        telling.tell(record, Kind.ALERT_RESOLVED, now_ms=now_ms)
    return True


def _bring_in_line(record: Alert, case: Case, now_ms: int) -> bool:
    """Whether anything changed."""
    was_open = not record._state.adding and record.status != Status.RESOLVED
    was_critical = was_open and record.severity == Severity.CRITICAL
    before = _contents(record)
    news = _news_of(record, case)
    opens = _opens(record, case, news)
    _write_into(record, case, opens_at=now_ms if opens else None)
    if not news and _contents(record) == before:
        return False
    record.save()
    for each in news:
        log(record, each, now_ms=now_ms)
    _tell(record, now_ms, opens=opens, was_open=was_open, was_critical=was_critical)
    return True


def _news_of(record: Alert, case: Case) -> list[News]:
    """What the log does not say yet."""
    logged: set[tuple[str, int]] = set()
    if not record._state.adding:
        logged = {(each.kind, to_ms(each.at)) for each in record.transitions.all()}
    news = [each for each in _story(case) if (each.kind, each.at) not in logged]
    if not logged:
        return news
    return [
        each._replace(kind=Happened.REVISED, note="An opening moved to this time.")
        if each.kind == Happened.OPENED
        else each
        for each in news
        if each.kind != Happened.OPENED or (Happened.REVISED, each.at) not in logged
    ]


def _story(case: Case) -> Iterator[News]:
    for number, each in enumerate(case):
        yield News(Happened.REOPENED if number else Happened.OPENED, each.opened_at)
        if each.critical_at is not None and each.critical_at > each.opened_at:
            yield News(Happened.ESCALATED, each.critical_at)
        if each.resolved_at is not None:
            yield News(Happened.RESOLVED, each.resolved_at, each.resolution)


def _opens(record: Alert, case: Case, news: Sequence[News]) -> bool:
    """Whether it stands open and has not done so before, or not since it was last closed."""
    if case[-1].resolved_at is not None:
        return False
    is_news = any(each.kind == Happened.REOPENED for each in news)
    return record._state.adding or record.status == Status.RESOLVED or is_news


def _write_into(record: Alert, case: Case, *, opens_at: int | None) -> None:
    last = case[-1]
    record.severity = Severity.WARNING if last.critical_at is None else Severity.CRITICAL
    record.reasons = last.reasons
    record.segments = segments_of(last)
    record.onset_at = to_datetime(last.onset_at)
    record.detected_at = to_datetime(last.detected_at)
    record.first_detected_at = to_datetime(case[0].detected_at)
    if opens_at is not None:
        record.status, record.opened_at = Status.OPEN, to_datetime(opens_at)
        record.acknowledged_at = record.acknowledged_by = None
        record.resolved_at = record.resolved_by = None
        record.resolution = record.note = ""
    elif last.resolved_at is not None and record.resolved_by_id is None:
        record.status, record.resolution = Status.RESOLVED, last.resolution
        record.resolved_at = to_datetime(last.resolved_at)
    if record.opened_at is None:
        record.opened_at = to_datetime(last.opened_at)  # over before anybody could be told


def segments_of(last: Round) -> list[dict[str, Any]]:
    """What strayed, as JSON; of what did so again, the last time."""
    found: dict[tuple[str, str], Alarm] = {}
    for alarm in last.alarms:
        found[alarm.event_type, alarm.channel] = alarm
    return [
        {
            "event_type": alarm.event_type,
            "channel": alarm.channel,
            "peak": round(alarm.peak, 2),
            "shift": round(alarm.now - alarm.before, 4),
            "before": round(alarm.before, 4),
            "now": round(alarm.now, 4),
            "onset_at": to_rfc3339(alarm.onset_at),
            "detected_at": to_rfc3339(alarm.begins),
        }
        for alarm in found.values()
    ]


def _contents(record: Alert) -> list[Any]:
    return [getattr(record, field.attname) for field in record._meta.concrete_fields]


def _tell(record: Alert, now_ms: int, *, opens: bool, was_open: bool, was_critical: bool) -> None:
    """What came and went before anybody looked is in the log alone."""
    if opens:
        telling.tell(record, Kind.ALERT_OPENED, now_ms=now_ms)
        queue.queue_alert(record)
    elif record.status == Status.RESOLVED and was_open:
        telling.tell(record, Kind.ALERT_RESOLVED, now_ms=now_ms)
    elif was_open and record.severity == Severity.CRITICAL and not was_critical:
        telling.tell(record, Kind.ALERT_ESCALATED, now_ms=now_ms)
