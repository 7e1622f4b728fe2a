"""Numbered events: what has not come is known, by camera and hour; what comes late fills it."""

from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.domain.sequence import Gap, Run, Seen, begun_by, missing_by_hour
from events.models import SequenceGap, SequenceHour
from tests.floor import HOUR, Floor, at, event, ms

Json = dict[str, Any]


def numbered(seq: int, when: str = "", **more: Any) -> Json:
    """The event that is number so many of the run "a"; one a second from 08:00 on."""
    moment = when or f"08:{seq // 60:02}:{seq % 60:02}"
    return event(moment, **{"seq": seq, "seq_run": "a", **more})


def hours(floor: Floor, **more: str) -> list[tuple[str, str, int, int]]:
    """Camera, hour, received, missing."""
    window = {"start": at("00:00"), "end": at("23:00")}
    response = floor.client.get(
        "/api/v1/completeness/",
        {"site": floor.site.code, **window, **more},
        headers={"Authorization": f"Token {floor._token_of('ada')}"},
    )
    assert response.status_code == 200, response.content
    return [
        (row["camera_id"], row["start"][11:13], row["received"], row["missing"])
        for row in response.json()["results"]
    ]


def gaps(floor: Floor) -> list[tuple[int, int]]:
    rows = SequenceGap.objects.filter(camera__site=floor.site).order_by("first")
    return list(rows.values_list("first", "last"))


# --- what is missing -----------------------------------------------------------------------------


def test_all_that_came_is_complete(floor: Floor) -> None:
    floor.put(*(numbered(n) for n in range(1, 11)))
    assert hours(floor) == [("C1", "08", 10, 0)]


def test_gap_is_what_is_missing(floor: Floor) -> None:
    floor.put(numbered(1), numbered(2), numbered(6))
    assert hours(floor) == [("C1", "08", 3, 3)]
    assert gaps(floor) == [(3, 5)]


def test_begin_of_a_run_is_one(floor: Floor) -> None:
    floor.put(numbered(3))
    assert gaps(floor) == [(1, 2)]


def test_numbers_without_a_run_begin_where_they_begin(floor: Floor) -> None:
    floor.put(numbered(17, seq_run=None), numbered(19, seq_run=None))
    assert gaps(floor) == [(18, 18)]


def test_new_run_is_another_count(floor: Floor) -> None:
    floor.put(numbered(1), numbered(2), numbered(1, "09:00", seq_run="b"))
    assert hours(floor) == [("C1", "08", 2, 0), ("C1", "09", 1, 0)]


def test_cameras_are_counted_apart(floor: Floor) -> None:
    floor.put(numbered(1), key=floor.key)
    floor.put(numbered(2, camera_id="C2"), key=floor.gateway)
    assert hours(floor) == [("C1", "08", 1, 0), ("C2", "08", 1, 1)]
    assert hours(floor, camera_id="C1") == [("C1", "08", 1, 0)]


def test_event_without_a_number_says_nothing(floor: Floor) -> None:
    floor.put(event("08:00"))
    assert hours(floor) == []


def test_what_comes_late_fills_its_gap(floor: Floor) -> None:
    floor.put(numbered(1), numbered(9))
    floor.put(*(numbered(n) for n in (5, 4, 3)))
    assert gaps(floor) == [(2, 2), (6, 8)]
    floor.put(*(numbered(n) for n in (8, 2, 6, 7)))
    assert (gaps(floor), hours(floor)) == ([], [("C1", "08", 9, 0)])


def test_same_batch_twice_counts_once(floor: Floor) -> None:
    batch = [numbered(1), numbered(3)]
    floor.post(*batch)
    floor.post(*batch)
    assert hours(floor) == [("C1", "08", 2, 1)]


def test_duplicate_under_another_number_is_not_missing(floor: Floor) -> None:
    """A sender that was killed before it had its answer numbers the event anew."""
    floor.put(numbered(1))
    floor.post(numbered(2, "08:00:01"))
    assert gaps(floor) == []


def test_refused_event_is_not_missing(floor: Floor) -> None:
    floor.post(numbered(1), numbered(2, worker="nobody"), numbered(3))
    assert hours(floor) == [("C1", "08", 3, 0)]


def test_number_of_a_camera_that_the_key_may_not_name_says_nothing(floor: Floor) -> None:
    floor.post(numbered(5, camera_id="C2"), key=floor.key)
    assert SequenceHour.objects.count() == 0


def test_missing_events_lie_evenly_between_their_neighbours(floor: Floor) -> None:
    floor.put(numbered(1, "08:30"), numbered(22, "10:30"))
    assert hours(floor) == [("C1", "08", 1, 5), ("C1", "09", 0, 10), ("C1", "10", 1, 5)]


@pytest.mark.parametrize("seq", [-1, 2**53, 1.5, "7", True])
def test_number_that_is_none_is_refused(floor: Floor, seq: object) -> None:
    assert floor.code_of(event("08:00", seq=seq)) == "invalid"


def test_completeness_is_a_share(floor: Floor) -> None:
    floor.put(numbered(1), numbered(4))
    response = ask(floor)
    assert response.json()["results"][0]["completeness_pct"] == 50


# --- who may ask, and how ------------------------------------------------------------------------


def ask(floor: Floor, **more: Any) -> Any:
    given = {"site": "F1", "start": at("08:00"), "end": at("09:00"), **more}
    token = {"Authorization": f"Token {floor._token_of('ada')}"}
    tag = given.pop("tag", "")
    return floor.client.get(
        "/api/v1/completeness/", given, headers=token | ({"If-None-Match": tag} if tag else {})
    )


def test_same_answer_is_not_sent_twice(floor: Floor) -> None:
    floor.put(numbered(1))
    tag = ask(floor)["ETag"]
    assert ask(floor, tag=tag).status_code == 304
    floor.put(numbered(2))
    assert ask(floor, tag=tag).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"start": "yesterday"},
        {"end": ""},
        {"end": at("07:00")},
        {"end": at("08:00", day=40)},
    ],
)
def test_window_that_makes_no_sense_is_400(floor: Floor, wrong: Json) -> None:
    assert ask(floor, **wrong).status_code == 400


def test_another_site_is_404(floor: Floor) -> None:
    Floor("F2").site.memberships.all().delete()
    assert ask(floor, site="F2").status_code == 404


def test_stranger_is_turned_away(floor: Floor) -> None:
    response = floor.client.get("/api/v1/completeness/", {"site": "F1"})
    assert response.status_code in {401, 403}


@pytest.mark.parametrize("size", [1, 500])
def test_numbers_cost_the_same_whatever_the_batch_s_size(floor: Floor, size: int) -> None:
    floor.put(*(numbered(n) for n in range(1, 11)))
    plain = [event(f"11:{n // 60:02}:{n % 60:02}") for n in range(size)]
    counted = [numbered(n + 13, f"12:{n // 60:02}:{n % 60:02}") for n in range(size)]
    without = statements(lambda: floor.put(*plain))
    assert statements(lambda: floor.put(*counted)) - without <= 5


def statements(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as captured:
        act()
    return len(captured)


# --- the admin's pages ---------------------------------------------------------------------------


def admin_page(floor: Floor, path: str) -> str:
    floor.manager.is_staff = floor.manager.is_superuser = True
    floor.manager.save()
    floor.client.force_login(floor.manager)
    response = floor.client.get(f"/admin/workers/camera/{path}")
    assert response.status_code == 200
    return str(response.content.decode())


@pytest.fixture
def lossy(floor: Floor) -> Floor:
    """Of a thousand events of the last day one is missing."""
    floor.put(*(numbered(n, after_noon(n)) for n in range(1, 1_001) if n != 500))
    return floor


def after_noon(n: int) -> str:
    return at(f"12:{n // 60:02}:{n % 60:02}", day=1)


def test_list_of_cameras_tells_how_complete_they_are(lossy: Floor) -> None:
    assert "99.9 %" in admin_page(lossy, "")


def test_camera_s_page_tells_what_is_missing_and_when(lossy: Floor) -> None:
    page = admin_page(lossy, f"{lossy.cameras['C1'].pk}/change/")
    assert "99.9 %; 1 missing: 1 from 2026-06-17 12:00 (UTC)" in page


def test_page_of_a_new_camera_claims_nothing(floor: Floor) -> None:
    assert "complete, last 24 hours" in admin_page(floor, "add/").lower()


# --- the rules alone -----------------------------------------------------------------------------


def test_any_order_and_any_batches_leave_the_same_gaps() -> None:
    dice = Random(4)
    for _ in range(200):
        numbers = [Seen(n, n * 1_000) for n in range(1, 40) if dice.random() < 0.7]
        if not numbers:
            continue
        dice.shuffle(numbers)
        run, came = begun_by(numbers[0], is_named=True), 0
        while numbers:
            size = dice.randint(1, len(numbers))
            came += len(run.note(numbers[:size]))
            came += len(run.note(numbers[:size]))  # again
            numbers = numbers[size:]
        missing = {n for gap in run.gaps for n in range(gap.first, gap.last + 1)}
        assert came + len(missing) == run.highest
        assert run.gaps == sorted(run.gaps)
        assert all(gap.size > 0 for gap in run.gaps)


def test_numbers_of_a_long_gap_are_not_counted_one_by_one() -> None:
    run = Run(0, 0)
    run.note([Seen(2**53 - 1, 1)])
    assert run.gaps == [Gap(1, 2**53 - 2, 0, 1)]


@pytest.mark.parametrize("after_at, before_at", [("08:30", "10:30"), ("10:30", "08:30")])
def test_missing_numbers_are_shared_out_whole(after_at: str, before_at: str) -> None:
    gap = Gap(1, 7, ms(after_at), ms(before_at))
    shared = dict(missing_by_hour(gap, start=ms("00:00"), end=ms("23:00")))
    assert sum(shared.values()) == 7
    assert set(shared) == {ms("08:00"), ms("09:00"), ms("10:00")}


def test_only_the_hours_that_are_asked_for_are_looked_at() -> None:
    gap = Gap(1, 100, 0, 80_000 * 24 * HOUR)
    assert list(missing_by_hour(gap, start=ms("08:00"), end=ms("09:00"))) == []


def test_missing_at_one_instant_lies_in_its_hour() -> None:
    gap = Gap(1, 5, ms("08:15"), ms("08:15"))
    assert list(missing_by_hour(gap, start=ms("08:00"), end=ms("12:00"))) == [(ms("08:00"), 5)]
