"""Addresses of the figures API, under /api/v1/metrics/."""

from django.urls import path

from metrics import api, api_sites

urlpatterns = [
    path("overview/", api.OverviewView.as_view(), name="metrics-overview"),
    path("factory/", api.FactoryView.as_view(), name="metrics-factory"),
    path("workers/", api.WorkersView.as_view(), name="metrics-workers"),
    path("workstations/", api.WorkstationsView.as_view(), name="metrics-workstations"),
    path("series/", api.SeriesView.as_view(), name="metrics-series"),
    path("hours/", api.HoursView.as_view(), name="metrics-hours"),
    path("sites/", api_sites.SitesView.as_view(), name="metrics-sites"),
    path("timeline/", api.TimelineView.as_view(), name="metrics-timeline"),
    path("strips/", api.StripsView.as_view(), name="metrics-strips"),
]
