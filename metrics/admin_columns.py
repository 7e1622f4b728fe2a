"""Columns of the admin's lists of workers and workstations: their state now, the shift's figures.

The same answers as on the overview page, and as many statements for each site on the list.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.html import format_html

from metrics import queries
from metrics.domain.kpis import Record
from metrics.queries import Question
from metrics.shown.trust import doubt
from metrics.shown.wall_clock import WallClock
from metrics.shown.wording import DASH, amount, percent, say
from metrics.windows import resolve
from workers.admin.columns import Cells, Columns
from workers.models import Site
from workers.queries import master_data

LAST = "last shift"  # while none runs, the figures are those of the one that ended last
MOST_SITES = 10  # on one page of a list; whoever lists more chooses a site for its figures


def _read(
    answer: Callable[[Question], Record],
    code: str,
    cells: Callable[[Record, WallClock, str], Cells],
) -> Callable[[Sequence[Any], datetime], Mapping[int, Cells]]:
    def read(rows: Sequence[Any], at: datetime) -> Mapping[int, Cells]:
        by_site: dict[Site, list[Any]] = defaultdict(list)
        for row in rows:
            by_site[row.site].append(row)
        found: dict[int, Cells] = {}
        for site in list(by_site)[:MOST_SITES]:
            question = _question(site, at)
            figures, of_when = answer(question), "" if question.window.reaches_now else LAST
            clock = WallClock.at(figures["as_of"], figures["time_zone"], runs=True)
            told = {record[code]: record for record in figures["results"]}
            found |= {
                row.pk: cells(told[row.code], clock, of_when)
                for row in by_site[site]
                if row.code in told
            }
        return found

    return read


def _question(site: Site, at: datetime) -> Question:
    master = master_data(site)
    return Question(master, resolve(master, {"period": "shift"}, now=at))


def _worker(record: Record, clock: WallClock, of_when: str) -> Cells:
    return {
        "state": _state(record, clock),
        "place": record["workstation_id"] or DASH,
        "units": _units(record, of_when),
        "utilization": _doubted(percent(record["utilization_pct"]), record),
    }


def _workstation(record: Record, clock: WallClock, of_when: str) -> Cells:
    return {
        "state": _state(record, clock, absent="station_absent"),
        "units": _units(record, of_when),
        "attainment": _against_target(record),
    }


def _state(record: Record, clock: WallClock, *, absent: str = "state_absent") -> str:
    state, since = record["state"], record["since"]
    word = say(absent if state == "absent" else f"state_{state}")
    when = "" if since is None else format_html("<small>since {}</small>", clock.near(since))
    return format_html('<span class="state state-{}">{}</span> {}', state, word, when)


def _units(record: Record, of_when: str) -> str:
    units = amount(record["units"])
    return format_html("{} <small>{}</small>", units, of_when) if of_when else units


def _doubted(text: str, record: Record) -> str:
    told = doubt(record)
    if not told["partial"]:
        return text
    return format_html('<span class="doubted" title="{}">{}</span>', told["reason"], text)


def _against_target(record: Record) -> str:
    if not record["target_units"]:
        return DASH
    whole = say("of", whole=amount(record["target_units"]))
    share = percent(record["target_attainment_pct"], digits=0)
    return format_html("{} <small>{}</small>", share, whole)


WORKERS = Columns(
    {"state": "now", "place": "at", "units": "units", "utilization": "utilization"},
    _read(queries.workers, "worker_id", _worker),
)
WORKSTATIONS = Columns(
    {"state": "now", "units": "units", "attainment": "of target"},
    _read(queries.workstations, "workstation_id", _workstation),
)
