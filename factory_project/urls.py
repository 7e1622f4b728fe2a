"""All addresses of the system."""

from django.conf import settings
from django.contrib import admin
from django.contrib.auth import views as accounts
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from common.exposition import metrics
from common.readiness import readyz
from demo.accounts import DEMO_ACCOUNTS, DemoAccount

handler400 = "common.http.bad_request"
handler403 = "common.http.forbidden"
handler404 = "common.http.not_found"
handler500 = "common.http.server_error"


def healthz(_request: HttpRequest) -> HttpResponse:
    """200 as soon as the server serves."""
    return HttpResponse("ok\n", content_type="text/plain")


def demo_accounts() -> list[DemoAccount]:
    """The log-ins that the log-in page offers."""
    return DEMO_ACCOUNTS if settings.DEMO else []


urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="telemetry"),
    path("", include("workers.page_urls")),
    path("admin/", admin.site.urls),
    path("", include("metrics.pages.urls")),
    path(
        "login/",
        accounts.LoginView.as_view(
            redirect_authenticated_user=True,
            extra_context={"demo_accounts": demo_accounts},  # the template calls it
        ),
        name="login",
    ),
    path("logout/", accounts.LogoutView.as_view(), name="logout"),
    path("api/v1/", include("workers.urls")),
    path("api/v1/", include("events.urls")),
    path("api/v1/", include("drift.urls")),
    path("api/v1/metrics/", include("metrics.urls")),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path(
        "api/docs/",
        SpectacularSwaggerSplitView.as_view(url_name="schema", http_method_names=["get", "head"]),
        name="docs",
    ),
]
