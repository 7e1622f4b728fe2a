"""What has come from a camera since its page was opened, asked for every two seconds."""

import hashlib
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import Http404
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.instants import to_ms, to_rfc3339
from events.connection import Asked, Marks, Refused, connection_of, marks_of
from events.domain.connection import Hint, HintKind
from events.models import Event
from workers.access import site_for
from workers.admin.moments import span
from workers.models import Camera, Role, Site
from workers.queries import master_data

MAX_SINCE = 2**53  # what a script can count to


class ConnectionView(APIView):
    """For admins of the site, who connect cameras."""

    @extend_schema(
        operation_id="connection",
        parameters=[
            OpenApiParameter("site", str, required=True),
            OpenApiParameter("camera_id", str, description="None: all of the site's, a gateway."),
            OpenApiParameter("since", int, description="Milliseconds since 1970."),
        ],
        responses=OpenApiTypes.OBJECT,
    )
    def get(self, request: Request) -> Response:
        """What came, what was refused and why, and what to look at."""
        asked = _asked(request)
        marks = marks_of(asked)
        tag = _tag_of(marks)
        if tag in request.headers.get("If-None-Match", ""):
            return Response(status=304, headers={"ETag": tag})
        return Response(
            _present(asked, marks), headers={"ETag": tag, "Cache-Control": "private, no-cache"}
        )


def _asked(request: Request) -> Asked:
    access = site_for(request.user, request.query_params.get("site", ""))
    if not access.at_least(Role.ADMIN):
        raise exceptions.PermissionDenied("Admins of the site connect its cameras.")
    site = Site.objects.get(pk=access.site_id)
    return Asked(site, _camera(site, request), _since(request))


def _camera(site: Site, request: Request) -> Camera | None:
    code = request.query_params.get("camera_id")
    if code is None:
        return None
    known = master_data(site).cameras.get(code)
    camera = site.cameras.filter(pk=known.id).first() if known else None
    if camera is None:
        raise Http404
    return camera


def _since(request: Request) -> int:
    text = request.query_params.get("since", "0")
    if not text.isascii() or not text.isdigit() or int(text) > MAX_SINCE:
        raise exceptions.ValidationError({"since": ["Give milliseconds since 1970."]})
    return int(text)


def _tag_of(marks: Marks) -> str:
    return f'"{hashlib.blake2s(repr(marks).encode(), digest_size=16).hexdigest()}"'


def _present(asked: Asked, marks: Marks) -> dict[str, Any]:
    found = connection_of(asked, marks)
    return {
        "last_seen_at": None if found.last_seen_at is None else to_rfc3339(found.last_seen_at),
        "accepted": found.accepted,
        "newest": _event(found.newest) if found.newest else None,
        "refused": [_refused(row, asked) for row in found.refused],
        "hints": [_hint(hint, asked) for hint in found.hints],
    }


def _event(event: Event) -> dict[str, Any]:
    return {
        "timestamp": to_rfc3339(to_ms(event.occurred_at)),
        "camera_id": event.camera.code,
        "worker_id": event.worker.code,
        "workstation_id": event.workstation.code,
        "event_type": event.event_type,
    }


def _refused(row: Refused, asked: Asked) -> dict[str, Any]:
    return {
        "code": row.code,
        "detail": row.detail,
        "count": row.count,
        "subject": row.subject,
        "url": reverse("admin:events_refusedevent_change", args=[row.newest_id]),
        "mend": _mend(row, asked.site),
    }


def _mend(row: Refused, site: Site) -> dict[str, str] | None:
    """The page on which the cause is put right, where there is one."""
    if row.subject is not None:
        return _mend_unknown(row.code.removeprefix("unknown_"), row.subject, site)
    if row.code == "camera_not_allowed":
        url = f"{reverse('admin:workers_ingestkey_add')}?{urlencode({'site': site.pk})}"
        return {"text": "Make a gateway's key", "url": url}
    return None


def _mend_unknown(kind: str, code: str, site: Site) -> dict[str, str]:
    known = getattr(master_data(site), f"{kind}s").get(code)
    if known:
        url = reverse(f"admin:workers_{kind}_change", args=[known.id])
        return {"text": f"Look at {kind} {code}", "url": url}
    chosen = urlencode({"site": site.pk, "code": code})
    return {
        "text": f"Create {kind} {code}",
        "url": f"{reverse(f'admin:workers_{kind}_add')}?{chosen}",
    }


def _hint(hint: Hint, asked: Asked) -> dict[str, Any]:
    url = ""
    if hint.kind == HintKind.TTL and asked.camera:
        url = reverse("admin:workers_camera_change", args=[asked.camera.pk])
    return {"kind": hint.kind, "text": _words(hint, asked), "url": url, "state_ttl_s": hint.ttl_s}


def _words(hint: Hint, asked: Asked) -> str:
    by = span(timedelta(milliseconds=abs(hint.by_ms)))
    side = "after" if hint.by_ms > 0 else "before"
    ttl = span(timedelta(seconds=asked.camera.state_ttl_s if asked.camera else 0))
    fitting = span(timedelta(seconds=hint.ttl_s or 0))
    return {
        HintKind.TTL: f"Sends on change? A worker's events come {by} apart, and a state holds for"
        f" {ttl}: most of the time counts as not seen. Set state ttl to {fitting}"
        f" ({hint.ttl_s} s), or let the camera report more often.",
        HintKind.BEHIND: f"Clock? Events arrive {by} after their time: the camera's clock is slow,"
        " or it sends late.",
        HintKind.AHEAD: f"Clock? Events arrive {by} before their time: the camera's clock is fast.",
        HintKind.ZONE: f"Clock? Events arrive {by} {side} their time: local time sent as UTC?",
    }[hint.kind]
