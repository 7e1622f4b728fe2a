"""Reads what people put into watching: rules with their dates, decisions, maintenance windows."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence

from common.instants import to_datetime, to_ms
from drift.domain.buckets import SCALE
from drift.domain.inputs import Decision, Inputs, Rules
from drift.models import AlertTransition, MaintenanceWindow, WatchRules
from workers.models import Site, User

Dated = list[tuple[int, Rules]]
InputsOf = Mapping[tuple[int, str], Inputs]  # by camera and model version


class InputsAtSite:
    """All inputs of a site, read in three statements."""

    def __init__(self, site: Site) -> None:
        self._rules = _rules_at(site)
        self._decisions = _decisions_at(site)
        self._maintenance = _maintenance_at(site)

    def of(self, camera_id: int, model_version: str) -> Inputs:
        """Those of one model version on a camera."""
        return Inputs(
            self._decisions.get((camera_id, model_version), ()),
            _combined(self._rules[None], self._rules.get(camera_id, [])),
            self._maintenance.get(camera_id, ()),
        )


def change(rules: WatchRules, *, by: User | None, now_ms: int) -> WatchRules:
    """New rules from now on; those before them held until now."""
    rules.pk, rules.since, rules.by = None, to_datetime(now_ms), by
    if rules.camera is None:
        rules.floor = rules.site.drift_floor
    rules.save(force_insert=True)
    return rules


def keep_floor(site: Site, *, now_ms: int) -> None:
    """Notes a site's floor that was changed on the site's own page; safe to repeat."""
    newest = WatchRules.objects.filter(site=site, camera=None).order_by("-since", "-pk").first()
    if newest is None:
        WatchRules.objects.create(site=site, floor=site.drift_floor)
    elif newest.floor != site.drift_floor:
        change(newest, by=None, now_ms=now_ms)


def in_force() -> list[int]:
    """The numbers of the newest rules of each site and camera."""
    rows = WatchRules.objects.order_by("since", "pk")
    newest = {(site, camera): pk for site, camera, pk in rows.values_list("site", "camera", "pk")}
    return list(newest.values())


def _rules_at(site: Site) -> dict[int | None, list[WatchRules]]:
    found: dict[int | None, list[WatchRules]] = {None: []}
    for row in WatchRules.objects.filter(site=site).order_by("since", "pk"):
        found.setdefault(row.camera_id, []).append(row)
    return found


def _combined(of_site: Sequence[WatchRules], own: Sequence[WatchRules]) -> Dated:
    """At each change what holds from then on: the camera's own word, else the site's."""
    changes = sorted({to_ms(row.since) for row in (*of_site, *own)})
    return [(at, _merged(_in_force(of_site, at), _in_force(own, at))) for at in changes]


def _in_force(rows: Sequence[WatchRules], at: int) -> WatchRules:
    place = bisect_right(rows, at, key=lambda row: to_ms(row.since))
    return rows[place - 1] if place else WatchRules()


def _merged(site: WatchRules, own: WatchRules) -> Rules:
    usual = Rules()
    floor = site.floor if own.floor is None else own.floor
    shift = site.least_shift if own.least_shift is None else own.least_shift
    return Rules(
        preset=own.preset or site.preset or usual.preset,
        least_shift=usual.least_shift if shift is None else float(shift),
        floor=usual.floor if floor is None else round(floor * SCALE),
    )


def _decisions_at(site: Site) -> dict[tuple[int, str], list[Decision]]:
    rows = AlertTransition.objects.filter(
        alert__site=site, alert__is_live=False, is_decision=True
    ).order_by("at", "pk")
    found: defaultdict[tuple[int, str], list[Decision]] = defaultdict(list)
    for row in rows.select_related("alert"):
        since = to_ms(row.onset_at or row.at)
        found[row.alert.camera_id, row.alert.model_version].append(
            Decision(to_ms(row.at), row.resolution, since)
        )
    return found


def _maintenance_at(site: Site) -> dict[int, list[tuple[int, int]]]:
    rows = MaintenanceWindow.objects.filter(camera__site=site).order_by("starts_at", "pk")
    found: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for row in rows:
        found[row.camera_id].append((to_ms(row.starts_at), to_ms(row.ends_at)))
    return found
