"""How surely a camera recognises: what its watching sees, to be drawn and compared."""

from dataclasses import dataclass

from common import dialect
from common.instants import HOUR_MS, MINUTE_MS
from drift.domain.buckets import BINS, COLUMNS, QUARTER_MS, SCALE, bins_of
from drift.domain.detector import PRESETS, Limits
from drift.domain.floor import totals_of
from drift.domain.history import History
from drift.domain.inputs import Inputs
from drift.domain.points import Rows, local_day
from drift.domain.reference import EVERY_TYPE, Reference
from drift.models import Alert, ConfidenceBin, Resolution, Segment
from drift.watching import buckets
from drift.watching.buckets import ByVersion
from drift.watching.rules import InputsAtSite
from workers.models import Camera
from workers.queries import master_data


class NothingSeenError(Exception):
    """The camera has sent no confidence of that version."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A model version on a camera, as watching saw it until an instant."""

    camera: Camera
    model_version: str
    rows: Rows
    history: History
    inputs: Inputs
    until: int

    @property
    def reference(self) -> Reference | None:
        """What is usual now; None while it is still being learnt."""
        stretches = self.history.stretches
        return stretches[-1].reference if stretches else None

    @property
    def kinds(self) -> list[str]:
        """The segments that can be looked at."""
        return [EVERY_TYPE, *(self.reference.segments if self.reference else self.rows)]

    @property
    def limits(self) -> Limits:
        """Of the sums, as the rules are now."""
        preset = self.inputs.rules_at(self.until).preset
        return PRESETS[preset, self.history.grain]


def watched(camera: Camera, model_version: str, *, until: int) -> Watched:
    """Replays one version. Raises NothingSeenError."""
    by_version = buckets.rows_of(camera.pk, until=until)
    if model_version not in by_version:
        raise NothingSeenError
    rows, inputs = by_version[model_version], InputsAtSite(camera.site).of(camera.pk, model_version)
    zone = master_data(camera.site).time_zone
    history = History(rows, zone, inputs, until=until)
    return Watched(camera, model_version, rows, history, inputs, until)


def learnt_in(seen: Watched) -> list[tuple[int, int]]:
    """When the events came from which the present reference was learnt: hours, from and to."""
    if seen.reference is None:
        return []
    zone = master_data(seen.camera.site).time_zone
    days = set(seen.reference.learnt)
    return [
        (start, start + HOUR_MS)
        for start, *_ in totals_of(seen.history.hours)
        if local_day(zone, start) in days
    ]


def shares_of(seen: Watched, kind: str, window: tuple[int, int]) -> list[float]:
    """How the confidences of a segment were spread in a while, as shares of all of them."""
    segments = Segment.objects.filter(camera=seen.camera, model_version=seen.model_version)
    if kind != EVERY_TYPE:
        segments = segments.filter(event_type=kind)
    numbers = sorted(segments.values_list("pk", flat=True))
    rows = dialect.within(
        ConfidenceBin,
        COLUMNS,
        ("segment_id", "start_at"),
        [(number, window[0] - window[0] % HOUR_MS, window[1] - 1) for number in numbers],
    )
    counts = [0] * BINS
    for row in rows:
        for place, n in enumerate(bins_of(row)):
            counts[place] += n
    total = sum(counts)
    return [n / total if total else 0.0 for n in counts]


@dataclass(frozen=True, slots=True)
class Version:
    """One model version on a camera, beside the others."""

    name: str
    first_at: int
    last_at: int
    events: int
    means: dict[str, float]  # by event type, and of all
    reference_days: int
    grain_minutes: int
    alerts: int


def versions_of(camera: Camera, *, until: int) -> list[Version]:
    """Every version seen on a camera, the newest first."""
    by_version = buckets.rows_of(camera.pk, until=until)
    inputs = InputsAtSite(camera.site)
    found = [_version(camera, name, rows, inputs, until) for name, rows in by_version.items()]
    return sorted(found, key=lambda version: version.last_at, reverse=True)


def newest_version(by_version: ByVersion) -> str | None:
    """The version seen last."""
    return max(
        by_version,
        key=lambda name: max(rows[-1][0] for rows in by_version[name].values()),
        default=None,
    )


def _version(camera: Camera, name: str, rows: Rows, inputs: InputsAtSite, until: int) -> Version:
    zone = master_data(camera.site).time_zone
    history = History(rows, zone, inputs.of(camera.pk, name), until=until)
    reference = history.stretches[-1].reference if history.stretches else None
    sums = {kind: (sum(r[1] for r in own), sum(r[2] for r in own)) for kind, own in rows.items()}
    sums[EVERY_TYPE] = (sum(n for n, _ in sums.values()), sum(s1 for _, s1 in sums.values()))
    alerts = Alert.objects.filter(camera=camera, model_version=name, is_live=False)
    return Version(
        name,
        first_at=min(own[0][0] for own in rows.values()),
        last_at=max(own[-1][0] for own in rows.values()) + QUARTER_MS,
        events=sums[EVERY_TYPE][0],
        means={kind: s1 / n / SCALE for kind, (n, s1) in sums.items()},
        reference_days=reference.days if reference else 0,
        grain_minutes=history.grain // MINUTE_MS,
        alerts=alerts.exclude(resolution=Resolution.WITHDRAWN).count(),
    )
