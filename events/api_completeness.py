"""How much of what cameras sent has come, by camera and hour: loss that is known."""

import hashlib

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.instants import DAY_MS, HOUR_MS, to_rfc3339
from events.completeness import Hour, hours_of
from events.domain.judgement import instant_of
from workers.access import site_for
from workers.models import Camera

LONGEST_MS = 31 * DAY_MS


class CompletenessView(APIView):
    """For members of the site: it speaks of cameras, not of people."""

    @extend_schema(
        operation_id="completeness",
        parameters=[
            OpenApiParameter("site", str, required=True),
            OpenApiParameter("start", OpenApiTypes.DATETIME, required=True),
            OpenApiParameter("end", OpenApiTypes.DATETIME, required=True, description="Exclusive."),
            OpenApiParameter("camera_id", str),
        ],
        responses=OpenApiTypes.OBJECT,
    )
    def get(self, request: Request) -> Response:
        """UTC hours in which numbered events came or are missing."""
        site = request.query_params.get("site", "")
        access = site_for(request.user, site)
        start, end = _window(request)
        codes = _codes(access.site_id, request.query_params.get("camera_id"))
        hours = hours_of(sorted(codes), start=start, end=end)
        tag = f'"{hashlib.sha256(repr((access.site_id, start, end, hours)).encode()).hexdigest()}"'
        headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
        if tag in request.headers.get("If-None-Match", ""):
            return Response(status=304, headers=headers)
        window = {"start": to_rfc3339(start), "end": to_rfc3339(end)}
        results = [_present(hour, codes[hour.camera_id]) for hour in hours]
        return Response({"site": site, **window, "results": results}, headers=headers)


def _window(request: Request) -> tuple[int, int]:
    """Whole hours around what is asked for."""
    start, end = (_instant(request, name) for name in ("start", "end"))
    start, end = start - start % HOUR_MS, -(-end // HOUR_MS) * HOUR_MS
    if not 0 < end - start <= LONGEST_MS:
        raise exceptions.ValidationError({"end": "After start, and no more than 31 days."})
    return start, end


def _instant(request: Request, name: str) -> int:
    instant = instant_of(request.query_params.get(name, ""))
    if instant is None:
        raise exceptions.ValidationError({name: "Expected an RFC 3339 time with offset."})
    return instant


def _codes(site_id: int, code: str | None) -> dict[int, str]:
    """Of the site's cameras, or of the one that is named."""
    cameras = Camera.objects.filter(site=site_id)
    if code is not None:
        cameras = cameras.none() if "\0" in code else cameras.filter(code=code)
    return dict(cameras.values_list("pk", "code"))


def _present(hour: Hour, code: str) -> dict[str, object]:
    return {
        "camera_id": code,
        "start": to_rfc3339(hour.start),
        "received": hour.came,
        "missing": hour.missing,
        "completeness_pct": hour.complete_pct,
    }
