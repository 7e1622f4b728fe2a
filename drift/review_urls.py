"""Addresses of the API of reviews, under /api/v1/."""

from django.urls import path

from drift.api.exports import ExportViewSet
from drift.api.reviews import PrecisionView, ReviewItemViewSet

_word = ReviewItemViewSet.as_view({"post": "verdict", "delete": "undo"}, detail=True)
_part = {
    name: ExportViewSet.as_view({"get": name}, detail=True) for name in ("manifest", "archive")
}

urlpatterns = [
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
