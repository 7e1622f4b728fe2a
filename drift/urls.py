"""Addresses of the API of alerts, under /api/v1/."""

from django.urls import path

from drift.api.alerts import AlertViewSet

urlpatterns = [
    path("alerts/", AlertViewSet.as_view({"get": "list"}), name="alerts"),
    path("alerts/<int:pk>/", AlertViewSet.as_view({"get": "retrieve"}), name="alert"),
    path(
        "alerts/<int:pk>/acknowledge/",
        AlertViewSet.as_view({"post": "acknowledge"}, detail=True),
        name="alert-acknowledge",
    ),
    path(
        "alerts/<int:pk>/resolve/",
        AlertViewSet.as_view({"post": "resolve"}, detail=True),
        name="alert-resolve",
    ),
]
