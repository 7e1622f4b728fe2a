"""`/metrics`: the page that Prometheus reads. Not for the public."""

import logging
import secrets
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.module_loading import import_string
from django.views.decorators.http import require_safe
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import CollectorRegistry

from common import clock
from common.bounded import Bounded
from common.instants import to_ms
from common.telemetry import Metric, counters, gauge

PATIENCE_S = 3  # Prometheus waits 10 s; what does not come in time is missing, the rest is there
KEPT_S = 10  # several who read it at about the same time cost one look into the database

Collect = Callable[[int], Iterable[Metric]]
log = logging.getLogger(__name__)


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """All figures, for who has the token; without one, in the demo alone."""
    if not settings.METRICS_TOKEN:
        if settings.PRODUCTION:
            raise Http404
    elif not _has_token(request):
        refusal = {"code": "not_authenticated", "detail": "Send Authorization: Bearer …"}
        return JsonResponse(refusal, status=401, headers={"WWW-Authenticate": "Bearer"})
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Everything())
    return HttpResponse(
        generate_latest(registry),
        content_type=CONTENT_TYPE_LATEST,
        headers={"Cache-Control": "no-store"},
    )


def _has_token(request: HttpRequest) -> bool:
    scheme, _, text = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    given, wanted = text.strip().encode("utf-8", "replace"), settings.METRICS_TOKEN.encode()
    return scheme.lower() == "bearer" and secrets.compare_digest(given, wanted)


class _Everything:
    """What code has counted, and what each collector of settings finds."""

    def describe(self) -> list[Metric]:
        """Nothing is registered beside it."""
        return []

    def collect(self) -> Iterator[Metric]:
        """A collector that fails, or takes too long, says so and fails no other."""
        yield from counters().collect()
        is_up: dict[str, float] = {}
        for path, kept in _collectors().items():
            try:
                yield from kept.metrics()
                is_up[path] = 1
            except Exception as error:  # noqa: BLE001 - the others go on
                log.warning("%s found nothing: %s: %s", path, type(error).__name__, error)
                is_up[path] = 0
        yield gauge("factory_collector_up", "Whether its figures are here.", is_up, "collector")


class _Kept:
    """A collector, asked every so many seconds at most."""

    def __init__(self, collect: Collect) -> None:
        self._asked = Bounded(lambda: list(collect(to_ms(clock.now()))), patience_s=PATIENCE_S)
        self._lock = threading.Lock()
        self._metrics: list[Metric] = []
        self._stale_at = 0.0

    def metrics(self) -> list[Metric]:
        with self._lock:
            if time.monotonic() >= self._stale_at:
                self._metrics = self._asked.result()
                self._stale_at = time.monotonic() + KEPT_S
            return self._metrics


@lru_cache
def _collectors() -> dict[str, _Kept]:
    return {path: _Kept(import_string(path)) for path in settings.TELEMETRY_COLLECTORS}
