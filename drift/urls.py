"""Addresses of the API of alerts, reviews, precision and exports, under /api/v1/."""

from django.urls import path

from drift.api.alerts import AlertViewSet
from drift.api.exports import ExportViewSet
from drift.api.reviews import PrecisionView, ReviewItemViewSet

_word = ReviewItemViewSet.as_view({"post": "verdict", "delete": "undo"}, detail=True)
_decide = {
    name: AlertViewSet.as_view({"post": name}, detail=True) for name in ("acknowledge", "resolve")
}
_part = {
    name: ExportViewSet.as_view({"get": name}, detail=True) for name in ("manifest", "archive")
}

urlpatterns = [
    path("alerts/", AlertViewSet.as_view({"get": "list"}), name="alerts"),
    path("alerts/<int:pk>/", AlertViewSet.as_view({"get": "retrieve"}), name="alert"),
    path("alerts/<int:pk>/acknowledge/", _decide["acknowledge"], name="alert-acknowledge"),
    path("alerts/<int:pk>/resolve/", _decide["resolve"], name="alert-resolve"),
    path("review-items/", ReviewItemViewSet.as_view({"get": "list"}), name="review-items"),
    path(
        "review-items/<int:pk>/",
        ReviewItemViewSet.as_view({"get": "retrieve"}),
        name="review-item",
    ),
    path("review-items/<int:pk>/verdict/", _word, name="review-item-verdict"),
    path("precision/", PrecisionView.as_view(), name="precision"),
    path("retraining-exports/", ExportViewSet.as_view({"get": "list"}), name="retraining-exports"),
    path(
        "retraining-exports/<int:pk>/",
        ExportViewSet.as_view({"get": "retrieve"}),
        name="retraining-export",
    ),
    path(
        "retraining-exports/<int:pk>/manifest/",
        _part["manifest"],
        name="retraining-export-manifest",
    ),
    path(
        "retraining-exports/<int:pk>/archive/",
        _part["archive"],
        name="retraining-export-archive",
    ),
]
