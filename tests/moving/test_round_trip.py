"""A site goes from SQLite to PostgreSQL and back, and is the same in each place."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.moving.archives import Rows, files_in, rows_in
from tests.moving.installation import Installation
from tests.postgres import private_server


@dataclass
class Journey:
    """Three places: the archive made in each, and what was seen there."""

    archives: list[Path]
    stays: list[Any]

    def __getitem__(self, what: str) -> list[Any]:
        return [stay[what] for stay in self.stays]


@pytest.fixture(scope="module")
def journey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journey]:
    root = tmp_path_factory.mktemp("journey")
    with private_server() as url:
        yield _travelled(root, [f"sqlite:///{root}/0.sqlite3", url, f"sqlite:///{root}/2.sqlite3"])


def _travelled(root: Path, databases: list[str]) -> Journey:
    archives = [root / f"{n}.zip" for n in range(3)]
    places = [Installation(url, root / f"{n}") for n, url in enumerate(databases)]
    stays = [places[0].play("first", archives[0])]
    people = ",".join(stays[0]["people"])
    for n in (1, 2):
        known = (people, stays[0]["gateway"])
        stays.append(places[n].play("next", archives[n - 1], archives[n], *known))
    return Journey(archives, stays)


def _as_it_may_differ(rows: Rows) -> Rows:
    """Without what changes on the way by intent."""
    for site in rows["workers.Site"]:
        del site["state"], site["revision"], site["master_revision"]
    for hook in rows["drift.Webhook"]:
        del hook["is_active"]
    for watched in rows["drift.WatchedSite"]:
        del watched["arrived_through_id"]
    return rows


def test_every_row_is_the_same_after_each_move(journey: Journey) -> None:
    first, second, third = (_as_it_may_differ(rows_in(path)) for path in journey.archives)
    assert first == second
    assert second == third


def test_the_site_that_moved_had_some_of_everything(journey: Journey) -> None:
    empty = {kind for kind, rows in rows_in(journey.archives[0]).items() if not rows}
    assert empty == {"workers.Invitation"}


def test_files_are_the_same_byte_by_byte(journey: Journey) -> None:
    first, second, third = map(files_in, journey.archives)
    assert len(first) == 2
    assert first == second == third


def test_the_api_gives_the_same_answers(journey: Journey) -> None:
    first, second, third = journey["answers"]
    assert first == second
    assert second == third


def test_nothing_has_to_be_computed_anew(journey: Journey) -> None:
    assert all("everything follows" in said for said in journey["verified"])


def test_a_gateway_goes_on_with_its_key(journey: Journey) -> None:
    first, second, third = journey["sent"]
    assert first["accepted"] == 19
    assert first == second == third


def test_later_events_do_the_same_in_every_place(journey: Journey) -> None:
    first, second, third = journey["answers_later"]
    assert first != journey["answers"][0]
    assert first == second
    assert second == third
    assert all("everything follows" in said for said in journey["verified_later"])


def test_webhooks_come_over_switched_off(journey: Journey) -> None:
    old, new, _ = (rows_in(path)["drift.Webhook"] for path in journey.archives)
    assert [hook["is_active"] for hook in (*old, *new)] == [True, False]
