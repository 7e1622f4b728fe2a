"""What has come from a camera, or from all of a site's, since a moment: taken, refused, and why.

Looks at the newest events only, by their key: the same cost whatever the size of the table.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import QuerySet

from common.instants import SECOND_MS, to_ms
from events.domain.connection import Hint, HintKind, Seen, hints, of_lag
from events.domain.judgement import instant_of
from events.domain.wire import WireEvent, decode
from events.models import Event, RefusedEvent
from workers.models import Camera, Site
from workers.models.cameras import MAX_STATE_TTL_S
from workers.queries import master_data

WINDOW = 20_000  # ids back from the newest event, of all sites
LOOKED_AT = 200  # newest events of the camera from which hints are drawn
REFUSALS = 500  # newest refused events of the site that are looked at
TOLD = 5  # different reasons


class Asked(NamedTuple):
    """Whose events, and since when (in ms, as the server received them)."""

    site: Site
    camera: Camera | None
    since: int


@dataclass(frozen=True, slots=True)
class Refused:
    """One reason, as often as it came. `subject` is the code that was unknown."""

    code: str
    detail: str
    count: int
    newest_id: int
    subject: str | None
    lag_ms: int | None


@dataclass(frozen=True, slots=True)
class Connection:
    """All that the page tells."""

    last_seen_at: int | None
    accepted: int
    newest: Event | None
    refused: list[Refused]
    hints: list[Hint]


class Marks(NamedTuple):
    """What an answer follows from: the same marks, the same answer."""

    asked: tuple[object, ...]
    newest_id: int
    last_seen_at: int | None
    refused: tuple[object, ...]


def marks_of(asked: Asked) -> Marks:
    """As things are now; a few rows."""
    newest = list(_refusals(asked).values_list("id", "count")[:1])
    who = (asked.site.pk, asked.site.master_revision, asked.camera and asked.camera.pk, asked.since)
    return Marks(who, _newest_id(), _last_seen(asked), tuple(newest))


def connection_of(asked: Asked, marks: Marks) -> Connection:
    """How it goes."""
    since_id = marks.newest_id - WINDOW
    own = Event.objects.filter(id__gt=since_id, camera_id__in=_camera_ids(asked)).order_by("-id")
    columns = ("worker_id", "event_type", "occurred_at", "received_at")
    seen = [
        Seen(worker_id, event_type, to_ms(occurred_at), to_ms(received_at))
        for worker_id, event_type, occurred_at, received_at in own.values_list(*columns)[:LOOKED_AT]
    ]
    came = own.filter(received_at__gte=asked.since)
    refused = _refused(asked) if marks.refused else []
    return Connection(
        last_seen_at=marks.last_seen_at,
        accepted=came.count(),
        newest=came.select_related("worker", "workstation", "camera").first(),
        refused=refused,
        hints=_hints(asked, seen, refused),
    )


def _newest_id() -> int:
    return Event.objects.order_by("-id").values_list("id", flat=True).first() or 0


def _camera_ids(asked: Asked) -> list[int]:
    """Of a gateway all of its site's."""
    if asked.camera is not None:
        return [asked.camera.pk]
    return [camera.id for camera in master_data(asked.site).cameras.values()]


def _last_seen(asked: Asked) -> int | None:
    cameras = Camera.objects.filter(pk__in=_camera_ids(asked), last_seen_at__isnull=False)
    instants = cameras.order_by("-last_seen_at").values_list("last_seen_at", flat=True)
    newest: Any = instants.first()
    return None if newest is None else to_ms(newest)


def _refusals(asked: Asked) -> QuerySet[RefusedEvent]:
    """The newest of the site, served by the index of site and time."""
    rows = RefusedEvent.objects.filter(site=asked.site, last_received_at__gte=asked.since)
    return rows.order_by("-last_received_at", "-id")


def _refused(asked: Asked) -> list[Refused]:
    columns = ("id", "camera_code", "code", "detail", "count", "first_received_at")
    counts: Counter[tuple[str, str]] = Counter()
    newest: dict[tuple[str, str], int] = {}
    lately: Any = _refusals(asked).values_list(*columns)[:REFUSALS]
    for pk, camera_code, code, detail, count, first in lately:
        if asked.camera is None or camera_code == asked.camera.code:
            counts[code, detail] += count if to_ms(first) >= asked.since else 1
            newest.setdefault((code, detail), pk)
    told = list(newest.items())[:TOLD]
    rows = RefusedEvent.objects.in_bulk([pk for _, pk in told])
    return [_told(rows[pk], counts[reason]) for reason, pk in told if pk in rows]


def _told(row: RefusedEvent, count: int) -> Refused:
    event = None if row.is_cut else _event_of(bytes(row.payload))
    kind = row.code.removeprefix("unknown_")
    subject = getattr(event, f"{kind}_id", None) if kind != row.code else None
    if kind == "camera":
        subject = subject or row.camera_code
    occurred_at = instant_of(event.timestamp) if event else None
    lag_ms = None if occurred_at is None else to_ms(row.last_received_at) - occurred_at
    return Refused(row.code, row.detail, count, row.pk, subject, lag_ms)


def _event_of(payload: bytes) -> WireEvent | None:
    line = payload.replace(b"\n", b" ").replace(b"\r", b" ")
    item = next(iter(decode(line, is_ndjson=True).items), "")
    return None if isinstance(item, str) else item


def _hints(asked: Asked, seen: list[Seen], refused: list[Refused]) -> list[Hint]:
    """Of what was taken; and of the clock, where that is why something was refused."""
    ttl_ms = _MAX_TTL_MS if asked.camera is None else asked.camera.state_ttl_s * SECOND_MS
    found = hints(seen, ttl_ms=ttl_ms, max_ttl_ms=_MAX_TTL_MS)
    clocks = (
        of_lag(row.lag_ms)
        for row in refused
        if row.code in ("future", "expired") and row.lag_ms is not None
    )
    by_kind: dict[HintKind, Hint] = {hint.kind: hint for hint in (*clocks, *found) if hint}
    return list(by_kind.values())


_MAX_TTL_MS = MAX_STATE_TTL_S * SECOND_MS
