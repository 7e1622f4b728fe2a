"""The queue: one picture at a time, answered by keys or by touch; plain forms beneath."""

from typing import Any, NoReturn, cast
from zoneinfo import ZoneInfo

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse

from common import clock
from common.instants import to_ms
from drift.models import ReviewItem
from drift.queries import reviews
from drift.reviewing import queue
from drift.reviewing.cards import card_of
from events.domain.verdict import BadWordError, Word
from workers.admin_site import roles_in
from workers.models import Role, Site, User

WITH_SCRIPT = "application/json"
CARDS = 3  # the one that is shown, and two that wait in the page with their pictures
CORRECTIONS = ("event_type", "worker_id", "workstation_id")


def page(request: HttpRequest) -> HttpResponse:
    """The page; a form sent to it answers an item, or takes the last answer back."""
    site = _site_of(request)
    told = _answer(request, site) if request.method == "POST" else ""
    if request.method == "POST" and WITH_SCRIPT not in request.headers.get("Accept", ""):
        if told:
            messages.warning(request, told)
        return HttpResponseRedirect(f"{reverse('admin:review_queue')}?site={site.code}")
    state = _state(request, site) | {"told": told}
    if request.method == "POST":
        return JsonResponse(_as_json(request, state))
    everywhere = admin.site.each_context(request)
    context = everywhere | state | {"title": "Review", "sites": _sites(request)}
    response = TemplateResponse(request, "drift/review_queue.html", context)
    response.headers["Cache-Control"] = "no-store"  # going back must not show an answered item
    return response


def _sites(request: HttpRequest) -> list[Site]:
    own = Site.objects.filter(roles_in(request).condition(Role.REVIEWER, "pk"))
    return list(own.order_by("code"))


def _site_of(request: HttpRequest) -> Site:
    """The site that is asked for, else the first at which something waits."""
    sites = _sites(request)
    code = request.POST.get("site") or request.GET.get("site")
    if code:
        found = next((site for site in sites if site.code == code), None)
        return found or _refuse(request, code)
    if not sites:
        raise PermissionDenied
    waiting = ReviewItem.objects.filter(site__in=sites, status=ReviewItem.Status.WAITING)
    busy = waiting.order_by("site__code").values_list("site", flat=True).first()
    return next((site for site in sites if site.pk == busy), sites[0])


def _refuse(request: HttpRequest, code: str) -> NoReturn:
    """A site of which the user is no member does not exist."""
    member_of = Site.objects.filter(roles_in(request).condition(Role.VIEWER, "pk"))
    if "\0" not in code and member_of.filter(code=code).exists():
        raise PermissionDenied
    raise Http404


def _answer(request: HttpRequest, site: Site) -> str:
    """Does what the form says; what there is to tell about it."""
    try:
        return _undo(request, site) if "undo" in request.POST else _give(request, site)
    except BadWordError as error:
        return str(error)
    except queue.AlreadyReviewedError:
        return "Somebody else has answered this one; nothing was changed."


def _undo(request: HttpRequest, site: Site) -> str:
    item, now_ms = _last_done(request, site), to_ms(clock.now())
    done = item is not None and queue.undo(item, reviewer=_reviewer(request), now_ms=now_ms)
    return "" if done else "There is nothing to undo."


def _give(request: HttpRequest, site: Site) -> str:
    if "item" not in request.POST:
        return "Nothing was answered."
    item, now_ms = _item(request, site), to_ms(clock.now())
    queue.give(item, reviewer=_reviewer(request), word=_word(request, item), now_ms=now_ms)
    return ""


def _reviewer(request: HttpRequest) -> User:
    return cast(User, request.user)  # the admin lets nobody else in


def _item(request: HttpRequest, site: Site) -> ReviewItem:
    number = request.POST.get("item", "")
    known = ReviewItem.objects.select_related("event__worker", "event__workstation")
    found = known.filter(pk=number, site=site).first() if number.isdecimal() else None
    if found is None:
        raise Http404
    return found


def _last_done(request: HttpRequest, site: Site) -> ReviewItem | None:
    mine = ReviewItem.objects.filter(
        site=site, verdict__reviewer=_reviewer(request), verdict__undone_at__isnull=True
    )
    return mine.select_related("event").order_by("-done_at", "-verdict").first()


def _word(request: HttpRequest, item: ReviewItem) -> Word:
    """What differs from what was reported; a correction that corrects nothing is refused later."""
    verdict = request.POST.get("verdict", "")
    if verdict != "relabelled":
        return Word(verdict)
    event = item.event
    reported = {
        "event_type": event.event_type,
        "worker_id": event.worker.code,
        "workstation_id": event.workstation.code,
    }
    said = {name: request.POST.get(name) or None for name in CORRECTIONS}
    different = {name: said[name] for name in said if said[name] != reported[name]}
    count = _count(request, different.get("event_type"), event)
    return Word(verdict, **cast(dict[str, Any], different), count=count)


def _count(request: HttpRequest, new_type: str | None, event: Any) -> int | None:
    """Only a product count has one; the field may be left as it is."""
    text = request.POST.get("count", "")
    if (new_type or event.event_type) != "product_count" or not text:
        return None
    if not text.isascii() or not text.isdecimal():
        raise BadWordError("count", "Say a whole number of units.")
    return None if new_type is None and int(text) == event.count else int(text)


def _state(request: HttpRequest, site: Site) -> dict[str, Any]:
    """What the page shows now: this item and the next, and how far it is."""
    now = clock.now()
    items = queue.claim(site, _reviewer(request), now_ms=to_ms(now), count=CARDS)
    names_shown = roles_in(request).show_names(site)
    return {
        "site": site,
        "cards": [card_of(item, names_shown=names_shown) for item in items],
        "progress": reviews.progress(site, now),
        "next_sample": "" if items else _next_sample(site),
    }


def _next_sample(site: Site) -> str:
    moment = reviews.next_sample_at(site, clock.now())
    if moment is None:
        return ""
    now, at = (each.astimezone(ZoneInfo(site.time_zone)) for each in (clock.now(), moment))
    return f"{at:%H:%M}" if at.date() == now.date() else f"{at:%a %d %b, %H:%M}"


def _as_json(request: HttpRequest, state: dict[str, Any]) -> dict[str, Any]:
    progress = state["progress"]
    return {
        "cards": [
            {
                "item": card.item_id,
                "html": render_to_string(
                    "drift/_review_card.html", state | {"card": card}, request
                ),
            }
            for card in state["cards"]
        ],
        "done": progress.done,
        "all": progress.all,
        "told": state["told"],
        "empty": render_to_string("drift/_review_empty.html", state, request),
    }
