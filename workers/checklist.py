"""The way from an empty server to the first event: what each new site still needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import BooleanField, Exists, OuterRef, Value
from django.urls import reverse
from django.utils.module_loading import import_string

from workers.models import Camera, IngestKey, Shift, Site, Worker, Workstation

SHOWN = 3  # sites that are being set up


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do. `is_next` marks the first that is not done."""

    title: str
    text: str
    url: str
    is_done: bool
    is_next: bool = False


@dataclass(frozen=True, slots=True)
class Checklist:
    """The steps of one site, or of the first one to be."""

    title: str
    steps: list[Step]

    @property
    def done(self) -> int:
        """How many are done."""
        return sum(step.is_done for step in self.steps)


def checklists(admin_of: Sequence[Site], *, may_add_site: bool) -> list[Checklist]:
    """Of the sites from which no event has come yet, in one query; of a new one where none is."""
    if not admin_of:
        return [_checklist(None)] if may_add_site else []
    kinds = {"shift": Shift, "worker": Worker, "workstation": Workstation, "camera": Camera}
    has = {
        f"has_{name}": Exists(kind._default_manager.filter(site=OuterRef("pk")))
        for name, kind in kinds.items()
    }
    open_keys = IngestKey.objects.filter(site=OuterRef("pk"), revoked_at=None)
    rows = Site.objects.filter(pk__in=[site.pk for site in admin_of]).annotate(
        **has, has_key=Exists(open_keys), has_event=_has_event()
    )
    new = rows.filter(has_event=False).order_by("-pk")[:SHOWN]
    return [_checklist(site) for site in new]


def _has_event() -> Any:
    """Facts belong to another app, so settings name who knows; asked of the outer `pk`."""
    path = settings.SITE_HAS_EVENT
    return import_string(path)() if path else Value(value=False, output_field=BooleanField())


_TEXTS = {
    "site": ("Site", "The factory, with its time zone."),
    "shift": ("Shift", "Working time with its breaks; without any, all hours count."),
    "worker": ("Workers", "Each with the code that cameras name them by; also by import."),
    "workstation": ("Workstations", "Where work is done, each with its code; also by import."),
    "camera": ("Camera", "What it watches, and how long a state holds without news."),
    "key": ("Key", "Lets the camera send; it is shown once."),
    "event": ("First event", "A page with the line to send, which shows what arrives."),
}


def _checklist(site: Any) -> Checklist:
    done = {
        name: site is not None and (name == "site" or getattr(site, f"has_{name}"))
        for name in _TEXTS
    }
    following = next((name for name, is_done in done.items() if not is_done), "")
    steps = [
        Step(*_TEXTS[name], _url_of(name, site, done), done[name], is_next=name == following)
        for name in _TEXTS
    ]
    return Checklist(f"Set up {site}" if site else "Set up your first site", steps)


def _url_of(name: str, site: Site | None, done: dict[str, bool]) -> str:
    """Where it is done, or looked at once it is; nowhere before there is a site."""
    if site is None:
        return reverse("admin:workers_site_add") if name == "site" else ""
    if name == "site":
        return reverse("admin:workers_site_change", args=[site.pk])
    if name == "event":
        return _connect(site) if done["camera"] else ""
    kind = "ingestkey" if name == "key" else name
    if done[name]:
        chosen = urlencode({"site__id__exact": site.pk})
        return f"{reverse(f'admin:workers_{kind}_changelist')}?{chosen}"
    return f"{reverse(f'admin:workers_{kind}_add')}?{urlencode(_chosen(name, site))}"


def _chosen(name: str, site: Site) -> dict[str, int]:
    """A key is best one camera's own."""
    camera = site.cameras.order_by("-pk").first() if name == "key" else None
    return {"site": site.pk} | ({"camera": camera.pk} if camera else {})


def _connect(site: Site) -> str:
    camera = site.cameras.order_by("-pk").first()
    return reverse("connect", args=[site.pk, *([camera.pk] if camera else [])])
