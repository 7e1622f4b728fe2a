"""The counterparts' views: the least that does a comparable thing on the same stack."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.instants import to_ms

INSERT = (
    "INSERT INTO events_event (site_id, camera_id, worker_id, workstation_id, event_type,"
    " occurred_at, received_at, confidence, count, restated, model_version, snapshot_id)"
    " VALUES (1, %s, %s, %s, %s, %s, %s, %s, %s, FALSE, '', '')"
)


class InsertView(APIView):
    """Stores an event as it comes, in a transaction of its own: no key, no check, no sums."""

    authentication_classes = []
    permission_classes = []

    def post(self, request: Request) -> Response:
        event: dict[str, Any] = request.data  # type: ignore[assignment]
        at = to_ms(datetime.fromisoformat(event["timestamp"]))
        ids = [int(event[name].lstrip("CAMSW-")) for name in _CODES]  # codes are ids, see worlds
        values = [*ids, event["event_type"], at, at, event["confidence"], event.get("count", 0)]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(INSERT, values)
        return Response({"status": "accepted"}, status=201)


_CODES = ("camera_id", "worker_id", "workstation_id")


class EmptyView(APIView):
    """Knows who asks, and says nothing."""

    def get(self, request: Request) -> Response:
        return Response({})


def healthz(_request: HttpRequest) -> HttpResponse:
    """200 as soon as the server serves."""
    return HttpResponse("ok\n", content_type="text/plain")


urlpatterns = [
    path("healthz", healthz),
    path("insert/", InsertView.as_view()),
    path("empty/", EmptyView.as_view()),
]
