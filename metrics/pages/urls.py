"""Addresses of the pages."""

from django.urls import path, register_converter

from metrics.api_screen import ScreenFiguresView
from metrics.pages import (
    floor,
    hours,
    methods,
    overview,
    recognition,
    screen,
    sites,
    timeline,
    workers,
    workstations,
)


class CodeConverter:
    """A site's, worker's or workstation's code as one part of a path, whatever characters."""

    regex = "[^/]+"

    def to_python(self, value: str) -> str:
        """The code that a path names."""
        return value.replace("%2F", "/").replace("%25", "%")

    def to_url(self, value: str) -> str:
        """What stands for the code in a path; a slash would end it."""
        return value.replace("%", "%25").replace("/", "%2F")


register_converter(CodeConverter, "code")

urlpatterns = [
    path("", overview.front_door, name="overview"),
    path("sites/<code:code>/", overview.OverviewPage.as_view(), name="site-overview"),
    path("sites/<code:code>/floor/", floor.floor, name="site-floor"),
    path("sites/<code:code>/timeline/", timeline.TimelinePage.as_view(), name="site-timeline"),
    path("sites/<code:code>/hours/", hours.HoursPage.as_view(), name="site-hours"),
    path("sites/<code:code>/workers/", workers.WorkersPage.as_view(), name="site-workers"),
    path(
        "sites/<code:code>/workers/<code:worker>/",
        workers.WorkerPage.as_view(),
        name="site-worker",
    ),
    path(
        "sites/<code:code>/workstations/",
        workstations.WorkstationsPage.as_view(),
        name="site-workstations",
    ),
    path(
        "sites/<code:code>/workstations/<code:workstation>/",
        workstations.WorkstationPage.as_view(),
        name="site-workstation",
    ),
    path("sites/<code:code>/methods/", methods.MethodsPage.as_view(), name="site-methods"),
    path("sites/<code:code>/compare/", sites.SitesPage.as_view(), name="site-compare"),
    path(
        "sites/<code:code>/recognition/",
        recognition.RecognitionPage.as_view(),
        name="site-recognition",
    ),
    path("screen/", screen.door, name="screen"),
    path("screen/floor/", screen.floor, name="screen-floor"),
    path("screen/figures/", ScreenFiguresView.as_view(), name="screen-figures"),
]
