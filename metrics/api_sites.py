"""The figures API over all of the user's sites."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.core.cache import cache
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from metrics import queries
from metrics.api import KEPT_S, TABLE_RENDERERS, question_of, tag_of
from metrics.queries import Question
from metrics.windows import PERIODS, WindowError
from workers.access import SiteAccess, access_of, sites_of
from workers.models import Site

WINDOW = ("period", "start", "end")  # shifts have other names at other sites


class SitesView(APIView):
    """A record per site of the user's, each in its own time zone and with its own shifts."""

    renderer_classes = TABLE_RENDERERS

    @extend_schema(
        operation_id="metrics_sites",
        parameters=[
            OpenApiParameter("period", str, enum=PERIODS),
            OpenApiParameter("start", OpenApiTypes.DATETIME),
            OpenApiParameter("end", OpenApiTypes.DATETIME),
        ],
        responses=OpenApiTypes.OBJECT,
    )
    def get(self, request: Request) -> Response:
        """By name and code."""
        given = {name: str(value) for name, value in request.query_params.items() if value}
        try:
            results = site_records(sites_of(request.user).order_by("name", "code"), given)
        except WindowError as error:
            raise exceptions.ValidationError({"window": [str(error)]}) from error
        return Response({"results": results}, headers={"Cache-Control": "private, no-cache"})


def site_records(sites: Iterable[Site], parameters: Mapping[str, str]) -> list[dict[str, Any]]:
    """The record of each site, from memory for as long as an answer holds. Raises WindowError."""
    window = {name: parameters[name] for name in WINDOW if name in parameters}
    questions = {}
    for site in sites:
        access = access_of(site)
        question = question_of(access, window)
        questions[_key(access, question)] = question
    records = cache.get_many(questions)
    missing = {key: question for key, question in questions.items() if key not in records}
    if missing:
        found = queries.site_records(list(missing.values()))
        new = dict(zip(missing, found, strict=True))
        cache.set_many(new, KEPT_S)
        records |= new
    return [records[key] for key in questions]


def _key(access: SiteAccess, question: Question) -> str:
    """A record about now stands until now moves on, in steps of 5 s, whatever comes in meanwhile.

    Each site costs about as much as its overview, and somewhere something always comes in.
    """
    if question.window.reaches_now:
        access = replace(access, revision=access.master_revision)
    return tag_of(access, question, "one of the sites")
