"""The queue as a page: its forms, for whom it is meant, and that it says nothing that sways."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from time_machine import TimeMachineFixture

from drift.models import ReviewPlan
from events.models import Snapshot, Verdict
from tests.drift.review_desk import Desk, now_ms, statuses
from tests.floor import NOW, Floor, after, event
from workers.models import Role, Site, User

BACKEND = "workers.authentication.MembershipBackend"
QUEUE = "/admin/drift/reviewitem/queue/"


@pytest.fixture
def desk(floor: Floor) -> Desk:
    return Desk(floor)


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def page(desk: Desk, query: str = "") -> str:
    response = browser(desk.grace).get(f"{QUEUE}{query}")
    assert response.status_code == 200, response
    return response.content.decode()


def text_of(html: str, part: str = "data-review") -> str:
    main = html.partition(part)[2]
    return " ".join(re.sub(r"<[^>]*>", " ", main).split())


def without_tokens(html: str) -> str:
    """Less the random letters of its forms, among which anything may stand."""
    return re.sub(r'(name="csrfmiddlewaretoken" value=)"\w+"', r"\1", html)


def answer(desk: Desk, item: object, user: User | None = None, **form: object) -> str:
    fields = {"site": "F1", "item": getattr(item, "pk", item), **form}
    response = browser(user or desk.grace).post(QUEUE, fields, follow=True)
    return response.content.decode()


def test_it_shows_what_the_camera_says_and_how_far_the_day_is(desk: Desk) -> None:
    desk.many(3)
    text = text_of(page(desk))
    assert "The camera says W1 is working at S1 Station 1" in text
    assert "C1 Camera 1 Wed 17 Jun 2026, 17:59" in text
    assert "0 of 3 today" in text


def test_it_never_tells_how_sure_the_model_was_nor_why_it_asks(desk: Desk) -> None:
    desk.plan(per_week_to_train=1_000)
    desk.see(3, confidence=0.6125)
    desk.tend()
    said = without_tokens(page(desk).partition("data-review")[2])
    for secret in ("6125", ".61", "61 %", "61%", "confidence", "measure", "train", "probability"):
        assert secret not in said, secret


def test_an_answer_leads_to_the_next_item(desk: Desk) -> None:
    desk.many(2)
    first = desk.items()[0]
    html = answer(desk, first, verdict="confirmed")
    assert statuses([first]) == ["done"]
    assert "1 of 2 today" in text_of(html)


def test_a_correction_needs_only_what_differs(desk: Desk) -> None:
    item = desk.one()
    form = {"event_type": "idle", "worker_id": "W1", "workstation_id": "S1", "count": "1"}
    answer(desk, item, verdict="relabelled", **form)
    verdict = Verdict.objects.get()
    assert (verdict.verdict, verdict.event_type, verdict.worker.code) == (
        "relabelled",
        "idle",
        "W1",
    )


def test_another_worker_and_units_can_be_said(desk: Desk) -> None:
    item = desk.one(kind="product_count", count=1)
    answer(desk, item, verdict="relabelled", worker_id="W2", count="4")
    verdict = Verdict.objects.get()
    assert (verdict.worker.code, verdict.event_type, verdict.count) == ("W2", "product_count", 4)


@pytest.mark.parametrize(
    "form",
    [
        {"verdict": "relabelled", "event_type": "working", "worker_id": "W1"},
        {"verdict": "relabelled", "worker_id": "W99"},
        {"verdict": "nonsense"},
        {},
    ],
)
def test_an_answer_that_makes_no_sense_is_told_and_the_item_stays(
    desk: Desk, form: dict[str, str]
) -> None:
    item = desk.one()
    html = answer(desk, item, **form)
    assert statuses([item]) == ["waiting"]
    assert any(word in html for word in ("confirm it instead", "There is no worker", "Say one of"))


@pytest.mark.parametrize("count", ["-1", "two", "9" * 30, "²"])
def test_a_wrong_number_of_units_is_told(desk: Desk, count: str) -> None:
    item = desk.one(kind="product_count", count=1)
    html = answer(desk, item, verdict="relabelled", event_type="product_count", count=count)
    assert "Say a whole number" in html


def test_undo_takes_back_the_last_answer(desk: Desk) -> None:
    first, second = desk.many(2)
    answer(desk, first, verdict="confirmed")
    answer(desk, second, verdict="rejected")
    browser(desk.grace).post(QUEUE, {"site": "F1", "undo": "1"})
    assert statuses([second]) == ["waiting"]
    assert statuses([first]) == ["done"]


def test_there_may_be_nothing_to_undo(desk: Desk) -> None:
    desk.one()
    response = browser(desk.grace).post(QUEUE, {"site": "F1", "undo": "1"}, follow=True)
    assert "There is nothing to undo" in response.content.decode()


def test_who_comes_second_is_told(desk: Desk) -> None:
    item = desk.one()
    answer(desk, item, verdict="confirmed")
    assert "Somebody else has answered" in answer(desk, item, desk.joan, verdict="rejected")


def test_a_script_gets_the_next_cards_and_the_progress(desk: Desk) -> None:
    desk.many(4)
    mine = desk.claim(desk.grace, count=3)
    form = {"site": "F1", "item": mine[0], "verdict": "confirmed"}
    told = browser(desk.grace).post(QUEUE, form, headers={"Accept": "application/json"}).json()
    assert [card["item"] for card in told["cards"]][:2] == mine[1:]
    assert (told["done"], told["all"], told["told"]) == (1, 4, "")
    assert 'value="confirmed"' in told["cards"][0]["html"]


def test_an_empty_queue_says_when_more_comes(desk: Desk) -> None:
    desk.plan(per_week=168)
    assert "Nothing waits. Next sample about 19:00." in text_of(page(desk))


def test_a_site_that_chooses_none_does_not_promise_any(desk: Desk) -> None:
    desk.plan(per_week=0)
    assert "No events are chosen at this site." in text_of(page(desk))


def test_today_is_that_of_the_site(desk: Desk, time_machine: TimeMachineFixture) -> None:
    Site.objects.update(time_zone="Europe/Berlin")  # where it is 20:00
    answer(desk, desk.one(), verdict="confirmed")
    time_machine.shift(3 * 3600 + 3599)
    assert "1 of 1 today" in text_of(page(desk))
    time_machine.shift(2)
    assert "0 of 0 today" in text_of(page(desk))


def test_without_a_picture_the_strip_shows_the_worker_around_that_time(desk: Desk) -> None:
    desk.floor.put(
        event(after(NOW, minutes=-14)),
        event(after(NOW, minutes=-9), kind="idle"),
        event(after(NOW, minutes=-5), station="S2"),
    )
    desk.tend()
    item = next(item for item in desk.items() if item.event.event_type == "idle")
    answered = [each for each in desk.items() if each.pk != item.pk]
    for each in answered:
        answer(desk, each, verdict="confirmed")
    html = page(desk)
    assert "17:46:00 working at S1; 17:51:00 idle at S1; 17:55:00 working at S2" in html
    assert 'x="250" y="8" width="250" height="48" class="rv-state-working"' in html
    assert text_of(html).count("17:51") >= 1


def test_what_nobody_saw_is_a_gap(desk: Desk) -> None:
    desk.floor.cameras["C1"].state_ttl_s = 60
    desk.floor.cameras["C1"].save()
    desk.one()
    assert 'aria-label="17:59:50 working at S1"' in page(desk)


def add_picture(desk: Desk, name: str, site: Site) -> None:
    Snapshot.objects.create(
        public_id=name,
        site=site,
        camera=site.cameras.first(),
        taken_at=now_ms(),
        received_at=now_ms(),
        width=480,
        height=300,
        size=1,
        sha256=name,
    )


def test_with_a_picture_the_picture_is_shown_and_no_strip(desk: Desk) -> None:
    add_picture(desk, "pic1", desk.site)
    desk.one(snapshot_id="pic1")
    html = page(desk)
    assert 'src="/api/v1/snapshots/pic1/"' in html
    assert "rv-strip" not in html


@pytest.mark.parametrize("name", ["removed", "pic2"])
def test_a_picture_that_is_gone_or_anothers_is_not_asked_for(desk: Desk, name: str) -> None:
    add_picture(desk, "pic2", Floor("F2").site)
    desk.one(snapshot_id=name)
    html = page(desk)
    assert "/snapshots/" not in html
    assert "rv-strip" in html


def test_the_sites_own_archive_is_offered(desk: Desk) -> None:
    Site.objects.update(snapshot_link="https://nvr.example/{camera}?at={timestamp}&x=\"'<b>")
    desk.one()
    html = page(desk)
    assert (
        'href="https://nvr.example/C1?at=2026-06-17T17%3A59%3A50Z&amp;x=&quot;&#x27;&lt;b&gt;"'
        in html
    )
    assert 'rel="noopener noreferrer"' in html


def test_without_a_template_there_is_no_link(desk: Desk) -> None:
    desk.one()
    assert "video archive" not in page(desk)


@pytest.mark.parametrize("shown, name", [("codes", False), ("names", True)])
def test_names_are_shown_where_the_site_shows_names(desk: Desk, shown: str, name: bool) -> None:
    Site.objects.update(people_shown=shown)
    desk.one()
    assert ("Worker 1" in page(desk)) is name


@pytest.mark.parametrize("role", [Role.VIEWER, Role.MANAGER])
def test_it_is_for_reviewers(desk: Desk, role: Role) -> None:
    eve = desk.floor.add_member("eve", role)
    item = desk.one()
    assert browser(eve).get(QUEUE).status_code == 403
    assert browser(eve).get(f"{QUEUE}?site=F1").status_code == 403
    form = {"site": "F1", "item": item.pk, "verdict": "confirmed"}
    assert browser(eve).post(QUEUE, form).status_code == 403


def test_another_site_does_not_exist(desk: Desk) -> None:
    item = desk.one()
    mallory = Floor("F2").add_member("mallory", Role.ADMIN)
    assert browser(mallory).get(f"{QUEUE}?site=F1").status_code == 404
    for site in ("F1", "F2"):
        form = {"site": site, "item": item.pk, "verdict": "confirmed"}
        assert browser(mallory).post(QUEUE, form).status_code == 404
    assert statuses([item]) == ["waiting"]


def test_who_reviews_at_two_sites_gets_the_one_where_something_waits(desk: Desk) -> None:
    other = Desk(Floor("F0"))
    for user in (other.grace, other.joan):
        assert user.memberships.count() == 2
    desk.one()
    assert '<option value="F1" selected>' in page(desk)
    assert '<option value="F0" selected>' in page(desk, "?site=F0")


@pytest.mark.django_db
def test_nobody_looks_without_a_log_in() -> None:
    response = Client().get(QUEUE)
    assert (response.status_code, response.headers["Location"].split("?")[0]) == (
        302,
        "/admin/login/",
    )


def test_the_page_costs_the_same_for_three_cards_and_more(desk: Desk) -> None:
    client = browser(desk.grace)
    desk.many(3)
    client.get(QUEUE)
    costs = []
    for worker in ("W2", "W3"):
        with CaptureQueriesContext(connection) as queries:
            client.get(QUEUE)
        costs.append(len(queries))
        desk.see(9, worker=worker)
        desk.tend()
    assert costs[0] == costs[1] <= 35


def test_the_list_of_items_opens_for_reviewers(desk: Desk) -> None:
    item = desk.one(confidence=0.8125)
    client = browser(desk.grace)
    for path in ("", f"{item.pk}/change/"):
        response = client.get(f"/admin/drift/reviewitem/{path}")
        assert response.status_code == 200
        assert "0.8125" not in response.content.decode()


# --- What the reviews have shown ------------------------------------------------------------------

PRECISION = "/admin/drift/reviewitem/precision/"


def test_precision_is_shown_with_its_interval_and_advice(desk: Desk) -> None:
    desk.see(40, model_version="v1")
    desk.tend()
    for item in desk.items():
        desk.say(item, "confirmed")
    text = text_of(browser(desk.floor.manager).get(PRECISION).content.decode(), "rv-page")
    assert "v1 working 100.0 % 91.2 % – 100.0 %" in text
    assert "40 0.0 % none reaches it" in text  # forty are few for a bound of 95 %


def test_too_few_reviews_say_so(desk: Desk) -> None:
    desk.many(3)
    text = text_of(browser(desk.floor.manager).get(PRECISION).content.decode(), "rv-page")
    assert "no version working – not enough: counts as 0 of 30" in text
    assert "not enough reviews" in text


def test_a_site_without_a_plan_aims_at_the_usual(desk: Desk) -> None:
    ReviewPlan.objects.all().delete()
    text = text_of(browser(desk.floor.manager).get(PRECISION).content.decode(), "rv-page")
    assert "Nothing was reviewed in this time." in text


@pytest.mark.parametrize(
    "role, status",
    [(Role.VIEWER, 403), (Role.MANAGER, 200), (Role.REVIEWER, 200), (Role.ADMIN, 200)],
)
def test_who_may_see_it(desk: Desk, role: Role, status: int) -> None:
    eve = desk.floor.add_member("eve", role)
    assert browser(eve).get(PRECISION).status_code == status
    assert browser(eve).get(f"{PRECISION}?site=F1&days=7").status_code == status


def test_another_sites_precision_does_not_exist(desk: Desk) -> None:
    mallory = Floor("F2").add_member("mallory", Role.ADMIN)
    assert browser(mallory).get(f"{PRECISION}?site=F1").status_code == 404


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.ADMIN])
def test_the_start_page_says_what_waits(desk: Desk, role: Role) -> None:
    desk.many(3)
    user = desk.floor.add_member("eve", role)
    html = browser(user).get("/admin/").content.decode()
    assert "events wait for a second look" in html


def test_a_site_may_review_more_or_less(desk: Desk) -> None:
    boss = desk.floor.add_member("boss", Role.ADMIN)
    plan = ReviewPlan.objects.get()
    form = {"per_week": "70", "per_week_to_train": "0", "target_pct": "98.5"}
    address = f"/admin/drift/reviewplan/{plan.pk}/change/"
    assert browser(desk.grace).post(address, form).status_code == 403
    assert browser(boss).post(address, form).status_code == 302
    plan.refresh_from_db()
    assert (plan.per_week, str(plan.target_pct)) == (70, "98.5")
