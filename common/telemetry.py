"""What the server tells Prometheus: counters that code raises, and what collectors find.

Counting is per request or per commit, never per event. Under `manage.py serve` the counters of all
server processes, of those that a reload has replaced too, are summed.
"""

from collections.abc import Mapping

from django.conf import settings
from django.http import HttpRequest
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

__all__ = ["COUNTERS", "Counter", "Gauge", "Histogram", "Metric", "count_request", "gauge"]

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
COUNTERS = CollectorRegistry()  # what this process counts

REQUESTS = Histogram(
    "factory_http_request_seconds",
    "Requests by kind (ingest, api, page, probe) and status, and how long they took.",
    ["kind", "status"],
    buckets=SECONDS,
    registry=COUNTERS,
)
INGEST_PATH = "/api/v1/events/"
PROBES = ("/healthz", "/readyz", "/metrics")


def count_request(request: HttpRequest, status: int, seconds: float) -> None:
    """One more answer."""
    kind = kind_of(request.path, request.method or "")
    child = _children.get((kind, status))
    if child is None:  # looked up once: labels() costs more than observe()
        child = _children[kind, status] = REQUESTS.labels(kind, status)
    child.observe(seconds)


_children: dict[tuple[str, int], Histogram] = {}


def kind_of(path: str, method: str) -> str:
    """Few kinds, so that the number of series does not follow what people ask for."""
    if path == INGEST_PATH and method == "POST":
        return "ingest"
    if path in PROBES:
        return "probe"
    return "api" if path.startswith("/api/") else "page"


def counters() -> Collector:
    """Those of this process, or of all of this server's."""
    if not settings.TELEMETRY_FOLDER:
        return COUNTERS
    folder = settings.TELEMETRY_FOLDER
    return MultiProcessCollector(CollectorRegistry(), folder)  # type: ignore[no-untyped-call]


def gauge(name: str, words: str, value: float | Mapping[str, float], label: str = "") -> Metric:
    """A figure, or one for each value of a label."""
    if not isinstance(value, Mapping):
        return GaugeMetricFamily(name, words, value=value)
    family = GaugeMetricFamily(name, words, labels=[label])
    for key, each in value.items():
        family.add_metric([key], each)
    return family
