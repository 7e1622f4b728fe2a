"""Who is told what: a site's members alone, and of single people its managers alone."""

import pytest

from tests.floor import Floor, Json
from workers.models import Role, User

WINDOW = ("08:00", "15:00")
EVERY = [
    "overview",
    "factory",
    "workers",
    "workstations",
    "series",
    "timeline",
    "strips",
    "hours",
]
OF_SITES = ["overview", "factory", "workstations", "series", "hours"]
ABOUT_PEOPLE = ["workers", "timeline", "strips"]


@pytest.fixture
def seen(day: Floor) -> Floor:
    """With a viewer, a reviewer and an admin."""
    for name, role in (("vera", Role.VIEWER), ("rhea", Role.REVIEWER), ("adam", Role.ADMIN)):
        day.add_member(name, role)
    return day


def overview(floor: Floor, by: str) -> Json:
    return floor.figures("overview", *WINDOW, by=by)


@pytest.mark.parametrize("what", OF_SITES)
def test_viewer_sees_figures_of_the_site(seen: Floor, what: str) -> None:
    assert seen.ask(what, *WINDOW, by="vera").status_code == 200


@pytest.mark.parametrize("what", ABOUT_PEOPLE)
def test_viewer_does_not_see_people(seen: Floor, what: str) -> None:
    assert seen.ask(what, *WINDOW, by="vera").status_code == 403


@pytest.mark.parametrize("what", EVERY)
def test_viewer_may_not_narrow_figures_to_one_worker(seen: Floor, what: str) -> None:
    assert seen.ask(what, *WINDOW, by="vera", worker_id="W1").status_code == 403


def test_viewer_s_overview_has_no_workers(seen: Floor) -> None:
    assert "workers" not in overview(seen, "vera")


def test_viewer_is_not_told_who_is_at_a_workstation(seen: Floor) -> None:
    assert all("worker_ids" not in station for station in overview(seen, "vera")["workstations"])


@pytest.mark.parametrize("name", ["ada", "rhea", "adam"])
@pytest.mark.parametrize("what", EVERY)
def test_manager_reviewer_and_admin_see_people(seen: Floor, name: str, what: str) -> None:
    assert seen.ask(what, *WINDOW, by=name).status_code == 200


def test_viewer_has_the_same_figures_as_a_manager(seen: Floor) -> None:
    assert overview(seen, "vera")["factory"] == overview(seen, "ada")["factory"]


@pytest.mark.parametrize("what", EVERY)
def test_site_of_others_does_not_exist(seen: Floor, what: str) -> None:
    User.objects.create(username="otto")
    assert seen.ask(what, *WINDOW, by="otto").status_code == 404


@pytest.mark.parametrize("what", EVERY)
def test_unknown_site_does_not_exist(seen: Floor, what: str) -> None:
    assert seen.ask(what, *WINDOW, site="NOPE").status_code == 404


@pytest.mark.parametrize("what", EVERY)
def test_nobody_is_told_anything_without_logging_in(seen: Floor, what: str) -> None:
    assert seen.client.get(f"/api/v1/metrics/{what}/", {"site": "F1"}).status_code == 401


@pytest.mark.parametrize("name", ["worker_id", "workstation_id"])
def test_worker_or_workstation_of_another_site_does_not_exist(seen: Floor, name: str) -> None:
    other = Floor("F2")
    other.add_worker("X1")
    other.add_station("X1")
    assert seen.ask("factory", *WINDOW, **{name: "X1"}).status_code == 404


# --- names ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "shown, by, name",
    [
        ("codes", "ada", "W1"),
        ("codes", "adam", "Worker 1"),
        ("names", "ada", "Worker 1"),
        ("names", "adam", "Worker 1"),
    ],
)
def test_worker_is_called_as_the_site_says(seen: Floor, shown: str, by: str, name: str) -> None:
    seen.site.people_shown = shown
    seen.site.save()
    results = seen.figures("workers", *WINDOW, by=by)["results"]
    assert results[0]["name"] == name
