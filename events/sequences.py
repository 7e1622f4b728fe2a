"""Keeps account of numbered events: which of a camera's numbers came, by hour, and which not."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from common import dialect
from common.instants import HOUR_MS
from events.domain.batch import Batch
from events.domain.judgement import instant_of
from events.domain.sequence import Gap, Run, Seen, begun_by
from events.domain.wire import WireEvent
from events.models import SequenceGap, SequenceHour, SequenceRun
from workers.domain.master import MasterData

RUN_KEY = ("camera_id", "run")
GAP_KEY = (*RUN_KEY, "first")


class Name(NamedTuple):
    """Whose run."""

    camera_id: int
    run: str


def note(batches: Iterable[Batch], master: MasterData) -> None:
    """Notes the numbers of all events that came, stored or refused; nothing without numbers.

    Called in the transaction that stores them. Safe to repeat.
    """
    numbered = _numbered(batches, master)
    if not numbered:
        return
    runs, stored = _runs(numbered), _gaps(numbered)
    hours: Counter[tuple[int, int]] = Counter()
    for name, seen in numbered.items():
        run = runs.setdefault(name, begun_by(min(seen), is_named=bool(name.run)))
        run.gaps = sorted(stored[name])
        hours.update((name.camera_id, each.at - each.at % HOUR_MS) for each in run.note(seen))
    _keep_gaps({name: runs[name].gaps for name in numbered}, stored)
    rows = [(*name, run.highest, run.highest_at) for name, run in sorted(runs.items())]
    dialect.upsert(SequenceRun, RUN_KEY, rows, dialect.Merge(replace=["highest", "highest_at"]))
    came = [(*key, count) for key, count in sorted(hours.items())]
    dialect.upsert(SequenceHour, ("camera_id", "start"), came, dialect.Merge(add=["came"]))


def _numbered(batches: Iterable[Batch], master: MasterData) -> dict[Name, list[Seen]]:
    found: defaultdict[Name, list[Seen]] = defaultdict(list)
    for batch in batches:
        for item in batch.message.items:
            if isinstance(item, str) or item.seq is None:
                continue
            name, at = _name(item, batch, master), instant_of(item.timestamp)
            if name is not None and at is not None:
                found[name].append(Seen(item.seq, at))
    return found


def _name(item: WireEvent, batch: Batch, master: MasterData) -> Name | None:
    """None where the key may not speak for the camera, or there is none."""
    own = batch.sender.camera_code
    code = item.camera_id or batch.sender.default_code or own
    camera = master.cameras.get(code or "")
    if camera is None or own not in (None, code):
        return None
    return Name(camera.id, item.seq_run or "")


def _runs(numbered: dict[Name, list[Seen]]) -> dict[Name, Run]:
    columns = [*RUN_KEY, "highest", "highest_at"]
    rows = dialect.matching(SequenceRun, columns, RUN_KEY, sorted(numbered))
    return {Name(camera_id, run): Run(highest, at) for camera_id, run, highest, at in rows}


def _gaps(numbered: dict[Name, list[Seen]]) -> dict[Name, list[Gap]]:
    """Those of the runs."""
    columns = [*RUN_KEY, "first", "last", "after_at", "before_at"]
    found: defaultdict[Name, list[Gap]] = defaultdict(list)
    for camera_id, run, *gap in dialect.matching(SequenceGap, columns, RUN_KEY, sorted(numbered)):
        found[Name(camera_id, run)].append(Gap(*gap))
    return found


def _keep_gaps(now: dict[Name, list[Gap]], before: dict[Name, list[Gap]]) -> None:
    gone = [(*name, gap.first) for name in now for gap in {*before[name]} - {*now[name]}]
    new = [(*name, *gap) for name in now for gap in {*now[name]} - {*before[name]}]
    dialect.delete(SequenceGap, GAP_KEY, sorted(gone))
    columns = dialect.Merge(replace=["last", "after_at", "before_at"])
    dialect.upsert(SequenceGap, GAP_KEY, sorted(new), columns)
