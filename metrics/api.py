"""The figures API: parse, ask once, present.

Answers carry an ETag; an unchanged one costs a 304 and no sums.
"""

import hashlib
from collections.abc import Callable
from inspect import getdoc
from typing import Any

from django.core.cache import cache
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import exceptions
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common import clock
from common.rendering import CsvRenderer, JsonRenderer, XlsxRenderer
from metrics import queries
from metrics.queries import COMPARISONS, Question
from metrics.windows import PERIODS, WindowError, resolve
from workers.access import SiteAccess, site_for
from workers.models import Role
from workers.queries import master_data_at

KEPT_S = 15  # an answer holds until now has moved on by 5 s; longer for slow pollers

TABLE_RENDERERS = [JsonRenderer, CsvRenderer, XlsxRenderer]

_PARAMETERS = [
    OpenApiParameter("site", str, required=True),
    OpenApiParameter("start", OpenApiTypes.DATETIME, description="RFC 3339, on a 5-minute mark."),
    OpenApiParameter(
        "end",
        OpenApiTypes.DATETIME,
        description="Exclusive; on a 5-minute mark unless it reaches now.",
    ),
    OpenApiParameter("period", str, enum=PERIODS, description="Instead of start and end."),
    OpenApiParameter("shift", str, description="This shift alone, for the workers who have it."),
    OpenApiParameter("worker_id", str),
    OpenApiParameter("workstation_id", str),
]


_ABOUT_PEOPLE = "These figures speak of people: a manager of the site may read them."


def question_of(access: SiteAccess, parameters: dict[str, str]) -> Question:
    """What a request asks. Raises WindowError; an unknown worker or workstation is a NotFound."""
    master = master_data_at(access.site_id, access.master_revision)
    for name, known in (("worker_id", master.workers), ("workstation_id", master.workstations)):
        if name in parameters and parameters[name] not in known:
            raise exceptions.NotFound(f"There is no {name} {parameters[name]!r} at this site.")
    return Question(
        master,
        resolve(master, parameters, now=clock.now()),
        worker_code=parameters.get("worker_id"),
        workstation_code=parameters.get("workstation_id"),
        names_shown=master.names_shown or access.at_least(Role.ADMIN),
        people_shown=access.at_least(Role.MANAGER),
        recalculating=access.recalculating,
    )


def tag_of(access: SiteAccess, question: Question, *more: str) -> str:
    """The ETag of an answer.

    The site's revision, the resolved window, what is asked, and the viewer's rights.
    """
    parts = (
        access.site_id,
        access.revision,
        access.role,
        question.window,
        question.recalculating,
        *more,
    )
    return f'"{hashlib.blake2s(repr(parts).encode(), digest_size=16).hexdigest()}"'


class FiguresView(APIView):
    """The common part of all figures: window, rights, ETag."""

    renderer_classes: list[type[BaseRenderer]] = [JsonRenderer]
    about_people = False

    def get(self, request: Request) -> Response:
        """Answer the question that the parameters ask."""
        parameters = {name: str(value) for name, value in request.query_params.items() if value}
        access = site_for(request.user, parameters.get("site", ""))
        about_people = self.about_people or "worker_id" in parameters
        if about_people and not access.at_least(Role.MANAGER):
            raise exceptions.PermissionDenied(_ABOUT_PEOPLE)
        try:
            question = question_of(access, parameters)
            return self.respond(request, access, question, parameters)
        except WindowError as error:
            raise exceptions.ValidationError({"window": [str(error)]}) from error

    def respond(
        self, request: Request, access: SiteAccess, question: Question, parameters: dict[str, str]
    ) -> Response:
        """The answer, or that it is still the same."""
        asked = (repr(sorted(parameters.items())), repr(question.people_shown))
        tag = tag_of(access, question, request.path, request.accepted_renderer.format, *asked)
        if tag in request.headers.get("If-None-Match", ""):
            return Response(status=304, headers={"ETag": tag})
        answer = self._kept(tag, question, parameters)
        return Response(answer, headers={"ETag": tag, "Cache-Control": "private, no-cache"})

    def answer(self, question: Question, parameters: dict[str, str]) -> dict[str, Any]:
        """The figures."""
        raise NotImplementedError

    def _kept(self, tag: str, question: Question, parameters: dict[str, str]) -> dict[str, Any]:
        """Many viewers of one dashboard cost one computation."""
        answer: dict[str, Any] | None = cache.get(tag)
        if answer is None:
            answer = self.answer(question, parameters)
            cache.set(tag, answer, KEPT_S)
        return answer


def _documented(
    name: str, *more: OpenApiParameter
) -> Callable[[type[FiguresView]], type[FiguresView]]:
    """What the view says of itself stands in the OpenAPI description too."""

    def documented(view: type[FiguresView]) -> type[FiguresView]:
        about_get = extend_schema(
            operation_id=name,
            description=getdoc(view),
            parameters=[*_PARAMETERS, *more],
            responses=OpenApiTypes.OBJECT,
        )
        return extend_schema_view(get=about_get)(view)

    return documented


_COMPARE = OpenApiParameter(
    "compare",
    str,
    enum=list(COMPARISONS),
    many=True,
    explode=False,
    description="Adds fields of these names, comma-separated. `before`: the KPI records of the"
    " period before (of a running period its same elapsed part), with its `start` and `end`:"
    " `factory`, `workstations`, and `workers` for managers; null where nothing was seen in it."
    " `pooled`: the KPI record of all workers, whomever the question is about.",
)


@_documented("metrics_overview", _COMPARE)
class OverviewView(FiguresView):
    """Everything that the pages show: one request per page and tick."""

    def answer(self, question: Question, parameters: dict[str, str]) -> dict[str, Any]:
        """As metrics.queries.overview."""
        asked = [name for name in parameters.get("compare", "").split(",") if name]
        if unknown := set(asked).difference(COMPARISONS):
            raise exceptions.ValidationError({"compare": [f"There is no {min(unknown)!r}."]})
        return queries.overview(question, compare=asked)


@_documented("metrics_factory")
class FactoryView(FiguresView):
    """Pooled figures of all workers."""

    def answer(self, question: Question, parameters: dict[str, str]) -> dict[str, Any]:
        """As metrics.queries.factory."""
        return queries.factory(question)


@_documented("metrics_workers")
class WorkersView(FiguresView):
    """A record per worker."""

    about_people = True
    renderer_classes = TABLE_RENDERERS

    def answer(self, question: Question, parameters: dict[str, str]) -> dict[str, Any]:
        """As metrics.queries.workers."""
        return queries.workers(question)


@_documented("metrics_workstations")
class WorkstationsView(FiguresView):
    """A record per workstation."""

    renderer_classes = TABLE_RENDERERS

    def answer(self, question: Question, parameters: dict[str, str]) -> dict[str, Any]:
        """As metrics.queries.workstations."""
        return queries.workstations(question)


@_documented("metrics_timeline")
class TimelineView(FiguresView):
    """What each worker was seen to do; gaps are what was not seen."""

    about_people = True
    renderer_classes = TABLE_RENDERERS

    def answer(self, question: Question, parameters: dict[str, str]) -> dict[str, Any]:
        """As metrics.queries.timeline."""
        return queries.timeline(question)


@_documented("metrics_strips")
class StripsView(FiguresView):
    """The timeline of at most 26 hours as a page draws it, a strip per worker, in numbers alone.

    `spans`: start, end, place in `states`, place in `workstations` or -1; `counts`: start of
    5 minutes, units, place in `workstations`. Times are milliseconds from `start`. `unknown` is
    scheduled time in which nothing was seen, `break` time in a shift that is not scheduled.
    `cameras` are those assigned to a workstation today.
    """

    about_people = True

    def answer(self, question: Question, parameters: dict[str, str]) -> dict[str, Any]:
        """As metrics.queries.strips."""
        return queries.strips(question)


@_documented("metrics_hours")
class HoursView(FiguresView):
    """A record per workstation and hour of the site's clock, of what lies in scheduled time.

    Of more than 26 hours the same hour of all days is one record, without start and end.
    """

    renderer_classes = TABLE_RENDERERS

    def answer(self, question: Question, parameters: dict[str, str]) -> dict[str, Any]:
        """As metrics.queries.hours."""
        return queries.hours(question)


@_documented("metrics_series", OpenApiParameter("bucket", str, enum=["5m", "1h", "1d"]))
class SeriesView(FiguresView):
    """One record per bucket of time."""

    renderer_classes = TABLE_RENDERERS

    def answer(self, question: Question, parameters: dict[str, str]) -> dict[str, Any]:
        """As metrics.queries.series."""
        return queries.series(question, parameters.get("bucket", "1h"))
