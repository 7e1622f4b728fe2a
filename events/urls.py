"""Addresses of the events API, under /api/v1/."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from events.api_completeness import CompletenessView
from events.api_connection import ConnectionView
from events.api_facts import EventViewSet, RefusedEventViewSet
from events.api_ingest import IngestView
from events.api_snapshots import SnapshotsView, SnapshotView
from events.api_verdicts import VerdictView

_ingest = IngestView.as_view()
_list = EventViewSet.as_view({"get": "list"})


@csrf_exempt
def events(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """One address, two doors: cameras POST with a key, people GET with their session or token."""
    view = _ingest if request.method in ("POST", "OPTIONS") else _list
    return view(request, **kwargs)


urlpatterns = [
    path("completeness/", CompletenessView.as_view(), name="completeness"),
    path("connection/", ConnectionView.as_view(), name="connection"),
    path("events/", events, name="events"),
    # Never reached: the API's description finds views here that it knows.
    path("events/", _ingest, name="events"),
    path("events/", _list, name="events"),
    path("events/<int:pk>/", EventViewSet.as_view({"get": "retrieve"}), name="event"),
    path("events/<int:pk>/verdict/", VerdictView.as_view(), name="verdict"),
    path("refused-events/", RefusedEventViewSet.as_view({"get": "list"}), name="refused-events"),
    path(
        "refused-events/<int:pk>/",
        RefusedEventViewSet.as_view({"get": "retrieve"}),
        name="refused-event",
    ),
    path("snapshots/", SnapshotsView.as_view(), name="snapshots"),
    path("snapshots/<slug:public_id>/", SnapshotView.as_view(), name="snapshot"),
]
