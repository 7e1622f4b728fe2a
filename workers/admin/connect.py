"""Connect a camera: what to send and how, with everything filled in; then what came of it, live.

The figures come from `events` (the address named "connection"); this page speaks of master data.
"""

import json
import shlex
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse

from common import clock
from common.instants import to_ms
from workers.admin.moments import ago, ahead, local
from workers.admin_site import roles_in
from workers.domain.master import MasterData, is_active
from workers.key_states import KeyState, in_state
from workers.keys import IssuedKey
from workers.models import Camera, IngestKey, Role, Site
from workers.queries import master_data

NO_KEY = "fk_your_key"  # stands in examples once the key itself is no longer shown


@dataclass(frozen=True, slots=True)
class Sender:
    """What is connected: a camera, or a gateway that speaks for every camera of its site."""

    site: Site
    camera: Camera | None

    @property
    def address(self) -> str:
        """Where its page is."""
        return reverse("connect", args=[self.site.pk, *self._camera_id])

    @property
    def name(self) -> str:
        """What people call it."""
        return str(self.camera) if self.camera else f"the gateway of {self.site}"

    @property
    def _camera_id(self) -> list[int]:
        return [self.camera.pk] if self.camera else []


@admin.site.admin_view
def connect(request: HttpRequest, site_id: int, camera_id: int | None = None) -> TemplateResponse:
    """The page, without a key; for admins of the site."""
    own = Site.objects.filter(roles_in(request).condition(Role.VIEWER, "pk"))
    site = own.filter(pk=site_id).first()
    if site is None:
        raise Http404
    if not roles_in(request).allow(Role.ADMIN, site_id):
        raise PermissionDenied
    if camera_id is None:
        return page_of(request, Sender(site, None))
    return page_of(request, Sender(site, get_object_or_404(site.cameras, pk=camera_id)))


def page_of(
    request: HttpRequest,
    sender: Sender,
    issued: IssuedKey | None = None,
    replaced: IngestKey | None = None,
) -> TemplateResponse:
    """The page; right after a key was made with the key on it, this once."""
    now = clock.now()
    example = _example(sender, master_data(sender.site), to_ms(now))
    key = issued.text if issued else NO_KEY
    url = request.build_absolute_uri(reverse("events"))
    title = f"Connect {sender.name}"
    context = {
        "title": title,
        "sender": sender,
        "key": issued.text if issued else "",
        "replaced": _replaced(replaced, sender.site) if replaced else None,
        "keys": [] if issued else _keys(sender, now),
        "add_key": _add_key(sender),
        "snippets": {
            "curl": curl(url, key, example),
            "Python": python(url, key, example),
        },
        "missing": _missing(sender, example),
        "news": _news(sender, since=to_ms(now)),
    }
    response = TemplateResponse(
        request, "admin/connect.html", admin.site.each_context(request) | context
    )
    if issued:
        response.headers["Cache-Control"] = "no-store"
    return response


def curl(url: str, key: str, event: dict[str, Any]) -> str:
    """A line for a shell; its time is that at which it is run, so that it can be run again."""
    start, end = json.dumps({"timestamp": "\0", **event}, ensure_ascii=False).split("\\u0000")
    body = f"{shlex.quote(start)}$(date -u +%Y-%m-%dT%H:%M:%SZ){shlex.quote(end)}"
    return (
        f"curl -sS {shlex.quote(url)} \\\n"
        f"  -H {shlex.quote(f'Authorization: Bearer {key}')} \\\n"
        "  -H 'Content-Type: application/json' \\\n"
        f"  -d {body}"
    )


def python(url: str, key: str, event: dict[str, Any]) -> str:
    """A program that needs the standard library alone."""
    fields = "".join(f"    {_literal(name)}: {_literal(event[name])},\n" for name in event)
    return _PYTHON.format(url=_literal(url), key=_literal(key), fields=fields)


_PYTHON = """\
import json
import urllib.error
import urllib.request
from datetime import datetime, timezone

URL = {url}
KEY = {key}

event = {{
    "timestamp": datetime.now(timezone.utc).isoformat(),
{fields}}}
headers = {{"Authorization": f"Bearer {{KEY}}", "Content-Type": "application/json"}}
request = urllib.request.Request(URL, json.dumps(event).encode(), headers)
try:
    with urllib.request.urlopen(request, timeout=10) as answer:
        print(answer.status, answer.read().decode())
except urllib.error.HTTPError as error:
    print(error.code, error.read().decode())
"""


def _literal(value: object) -> str:
    """JSON's strings, numbers and objects of strings are Python's too."""
    return json.dumps(value, ensure_ascii=False)


def _example(sender: Sender, master: MasterData, now: int) -> dict[str, Any]:
    """An event that would be taken: of things that the site has, if it has them."""
    watched = sender.camera.workstations.order_by("code").first() if sender.camera else None
    workers = [each.code for each in master.workers.values() if is_active(each.active, now)]
    stations = [each.code for each in master.workstations.values() if is_active(each.active, now)]
    cameras = [each.code for each in master.cameras.values() if is_active(each.active, now)]
    event = {
        "worker_id": next(iter(workers), "W1"),
        "workstation_id": watched.code if watched else next(iter(stations), "S1"),
        "event_type": "working",
        "confidence": 0.93,
    }
    camera = sender.camera.code if sender.camera else next(iter(cameras), "CAM-1")
    return {**event, "camera_id": camera}


def _missing(sender: Sender, event: dict[str, Any]) -> list[dict[str, str]]:
    """What the example names and the site has not yet."""
    master = master_data(sender.site)
    kinds: dict[str, tuple[Collection[str], str]] = {
        "worker": (master.workers, event["worker_id"]),
        "workstation": (master.workstations, event["workstation_id"]),
        "camera": (master.cameras, event["camera_id"]),
    }
    return [
        {"kind": kind, "url": f"{reverse(f'admin:workers_{kind}_add')}?site={sender.site.pk}"}
        for kind, (known, code) in kinds.items()
        if code not in known
    ]


def _keys(sender: Sender, now: Any) -> list[dict[str, Any]]:
    """The keys in use, by what people may know of them."""
    own = IngestKey.objects.filter(site=sender.site, camera=sender.camera)
    return [
        {
            "name": str(key),
            "url": reverse("admin:workers_ingestkey_change", args=[key.pk]),
            "rotate": reverse("admin:workers_ingestkey_rotate", args=[key.pk]),
            "used": f"last used {ago(key.last_used_at, now, never='never')}",
            "ends": ahead(key.expires_at, now) if key.expires_at else "",
        }
        for key in in_state(own, KeyState.OPEN, at=now).order_by("-id")
    ]


def _add_key(sender: Sender) -> str:
    chosen = {"site": sender.site.pk} | ({"camera": sender.camera.pk} if sender.camera else {})
    return f"{reverse('admin:workers_ingestkey_add')}?{urlencode(chosen)}"


def _replaced(key: IngestKey, site: Site) -> dict[str, Any]:
    now = clock.now()
    return {
        "name": str(key),
        "until": local(key.expires_at, site) if key.expires_at else "",
        "is_over": key.expires_at is not None and key.expires_at <= now,
        "used": ago(key.last_used_at, now, never=""),
    }


def _news(sender: Sender, *, since: int) -> str:
    """The address that says what has come since."""
    asked = {"site": sender.site.code, "since": since}
    camera = {"camera_id": sender.camera.code} if sender.camera else {}
    return f"{reverse('connection')}?{urlencode(asked | camera)}"
