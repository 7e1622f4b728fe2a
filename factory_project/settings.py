"""All configuration. The environment is read here and nowhere else.

A wrong value stops the start with one clear line.
"""

import contextlib
import ipaddress
import os
import re
import secrets
import shlex
import sys
from pathlib import Path
from typing import Any, NoReturn, cast
from urllib.parse import SplitResult, unquote, urlsplit

import dj_database_url
from csp.constants import NONCE, NONE, SELF
from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.module_loading import import_string

BASE_DIR = Path(__file__).resolve().parent.parent
# Where everything is that is written: keys, pictures, exports, and SQLite's file.
DATA_DIR = Path(os.environ.get("DATA_DIR", "") or BASE_DIR / "var").resolve()


# --- Reading the environment -------------------------------------------------------------------


def _stop(message: str) -> NoReturn:
    sys.exit(f"Configuration error: {message}")


def _switch(name: str, *, default: bool) -> bool:
    value = os.environ.get(name, "")
    if value not in ("", "0", "1"):
        _stop(f"{name} must be 0 or 1, not {value!r}.")
    return value == "1" if value else default


def _number(name: str, *, default: int, low: int, high: int) -> int:
    value = os.environ.get(name, "") or str(default)
    if not value.isascii() or not value.isdigit() or not low <= int(value) <= high:
        _stop(f"{name} must be a whole number from {low} to {high}, not {value!r}.")
    return int(value)


def _choice(name: str, *, default: str, allowed: tuple[str, ...]) -> str:
    value = os.environ.get(name, "") or default
    if value not in allowed:
        _stop(f"{name} must be one of {', '.join(allowed)}, not {value!r}.")
    return value


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _secret_key() -> str:
    if key := os.environ.get("SECRET_KEY", ""):
        if PRODUCTION and (len(key) < 50 or len(set(key)) < 5):
            _stop("SECRET_KEY is too weak: give at least 50 random characters.")
        return key
    if PRODUCTION:
        _stop("SECRET_KEY is required when HOST is not loopback or DEMO=0.")
    return _kept_secret_key()


def _kept_secret_key() -> str:
    file = DATA_DIR / "secret_key"
    if not file.exists():
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        draft = DATA_DIR / f"secret_key.{os.getpid()}"
        draft.touch(0o600)
        draft.write_text(secrets.token_urlsafe(64))
        # Of two processes that start at once, the first wins.
        with contextlib.suppress(FileExistsError):
            os.link(draft, file)
        draft.unlink()
    return file.read_text()


def _metrics_token() -> str:
    token = os.environ.get("METRICS_TOKEN", "")
    if token and (len(token) < 16 or not token.isascii() or not token.isalnum()):
        _stop("METRICS_TOKEN must be at least 16 letters and digits.")
    return token


def _allowed_hosts() -> list[str]:
    hosts = [
        host.strip() for host in os.environ.get("ALLOWED_HOSTS", "").split(",") if host.strip()
    ]
    if PRODUCTION and not hosts:
        _stop(
            "ALLOWED_HOSTS is required when HOST is not loopback or DEMO=0."
            " Give names, comma-separated."
        )
    return hosts or ["127.0.0.1", "localhost", "[::1]"]


def _split(name: str, url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port  # read only when it is asked for
    except ValueError as error:
        _stop(f"{name} cannot be read: {error}")
    return parts


def _public_url() -> str:
    host, name = f"[{HOST}]" if ":" in HOST else HOST, ALLOWED_HOSTS[0].lstrip(".*")
    default = f"https://{name}" if PRODUCTION and name else f"http://{host}:{PORT}"
    url = os.environ.get("PUBLIC_URL", "") or default
    parts = _split("PUBLIC_URL", url)
    if parts.scheme not in ("http", "https") or not parts.hostname or url.endswith("/"):
        _stop(f"PUBLIC_URL must be like https://factory.example.com, not {url!r}.")
    return url


def _email() -> tuple[str, SplitResult]:
    """Which of Django's backends, and the URL taken apart; by default mail is kept as files."""
    url = os.environ.get("EMAIL_URL", "")
    if not url and PRODUCTION:
        return "drift.notifying.mail.NoServerBackend", urlsplit("")
    parts = _split("EMAIL_URL", url or f"file://{DATA_DIR / 'mail'}")
    if parts.scheme == "console" or (parts.scheme == "file" and parts.path):
        return _EMAIL_BACKENDS[parts.scheme], parts
    if parts.scheme not in _EMAIL_PORTS or not parts.hostname:
        _stop("EMAIL_URL must be like smtp://user:password@host:587, smtps://… or console://")
    return _EMAIL_BACKENDS["smtp"], parts


_EMAIL_PORTS = {"smtp": 587, "smtps": 465}  # with STARTTLS, and with TLS from the start
_EMAIL_BACKENDS = {
    "console": "django.core.mail.backends.console.EmailBackend",
    "file": "django.core.mail.backends.filebased.EmailBackend",
    "smtp": "django.core.mail.backends.smtp.EmailBackend",
}


def _email_from() -> str:
    address = os.environ.get("EMAIL_FROM", "") or f"factory@{urlsplit(PUBLIC_URL).hostname}"
    if "@" not in address or not address.isprintable():
        _stop(f"EMAIL_FROM must be an e-mail address, not {address!r}.")
    return address


def _kafka_servers() -> str:
    words = os.environ.get("KAFKA_BOOTSTRAP_SERVERS", "").replace(",", " ").split()
    for word in words:
        if not re.fullmatch(r"[^\s:/]+:\d{1,5}|\[[0-9a-fA-F:]+\]:\d{1,5}", word):
            _stop(f"KAFKA_BOOTSTRAP_SERVERS must be like kafka1:9092,kafka2:9092, not {word!r}.")
    if EVENT_SINK == "kafka" and not words:
        _stop("KAFKA_BOOTSTRAP_SERVERS is required with EVENT_SINK=kafka.")
    return ",".join(words)


def _kafka_topic() -> str:
    topic = os.environ.get("KAFKA_TOPIC", "") or "factory.events"
    if not re.fullmatch(r"[A-Za-z0-9._-]{1,244}", topic) or topic in (".", ".."):
        _stop(f"KAFKA_TOPIC must be letters, digits, dots, dashes or underscores, not {topic!r}.")
    return topic


def _kafka_options() -> dict[str, str]:
    """Properties of librdkafka, for SASL and TLS; those that our promises rest on are refused."""
    try:
        words = shlex.split(os.environ.get("KAFKA_OPTIONS", ""))
    except ValueError as error:
        _stop(f"KAFKA_OPTIONS cannot be read: {error}")
    options = {}
    for word in words:
        name, is_given, value = word.partition("=")
        if not is_given or not re.fullmatch(r"[a-z0-9._]+", name):
            # Not the value: it may be a password.
            _stop(f"KAFKA_OPTIONS must be like name=value, not {name!r}.")
        if name in _KAFKA_FIXED:
            _stop(f"KAFKA_OPTIONS may not set {name}: what is promised rests on it.")
        options[name] = value
    return options


_KAFKA_FIXED = {
    "acks",
    "request.required.acks",
    "auto.offset.reset",
    "bootstrap.servers",
    "metadata.broker.list",
    "enable.auto.commit",
    "enable.auto.offset.store",
    "enable.idempotence",
    "group.id",
    "partition.assignment.strategy",
    "partitioner",
    "transactional.id",
}


def _webhook_networks() -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    words = os.environ.get("WEBHOOK_NETWORKS", "").replace(",", " ").split()
    try:
        networks = [ipaddress.ip_network(word) for word in words]
    except ValueError as error:
        _stop(f"WEBHOOK_NETWORKS must be networks such as 10.20.0.0/24: {error}")
    for network in networks:
        if network.is_global:
            _stop(f"WEBHOOK_NETWORKS names inner networks; {network} is not one.")
    return networks


def _database() -> dict[str, object]:
    url = os.environ.get("DATABASE_URL", "") or f"sqlite:///{DATA_DIR / 'factory.sqlite3'}"
    if not url.startswith(("sqlite://", "postgres://", "postgresql://")):
        _stop("DATABASE_URL must begin with sqlite:/// or postgres://.")
    try:
        config = dict(dj_database_url.parse(url))
    except ValueError as error:
        _stop(f"DATABASE_URL cannot be read: {error}")
    vendor = str(config["ENGINE"]).rsplit(".", 1)[-1]
    if vendor == "sqlite3":
        Path(str(config["NAME"])).parent.mkdir(parents=True, exist_ok=True)
    ours = _DATABASE_OPTIONS[vendor]
    options = {**cast(Any, config.get("OPTIONS", {})), **cast(Any, ours["OPTIONS"])}  # sslmode, say
    return config | ours | {"OPTIONS": options}


_DATABASE_OPTIONS: dict[str, dict[str, object]] = {
    "sqlite3": {
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",  # a writer waits instead of failing half-way
            "timeout": 10,
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;"
            "PRAGMA mmap_size=268435456;"
            "PRAGMA cache_size=-65536;PRAGMA temp_store=MEMORY;",
        },
    },
    "postgresql": {
        "ENGINE": "common.dialect.postgresql",
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        # The usual few wait for none. A process has 8 threads for requests and a writer; seven such
        # fit into the 100 connections that PostgreSQL allows unless told otherwise. While there is
        # no server a request waits `timeout` seconds, and is told to come back. Whoever asks then
        # has the pool try again; by itself it would pause longer each time.
        "OPTIONS": {"pool": {"min_size": 4, "max_size": 12, "timeout": 3, "reconnect_timeout": 2}},
    },
}

LOG_FORMATS = ("text", "json")
HOST = os.environ.get("HOST", "") or "127.0.0.1"
PORT = _number("PORT", default=8000, low=1, high=65535)
DEMO = _switch("DEMO", default=_is_loopback(HOST))
PRODUCTION = not DEMO or not _is_loopback(HOST)
if DEMO and PRODUCTION:
    _stop("DEMO=1 opens demo accounts and runs on a loopback HOST only.")
DEBUG = _switch("DEBUG", default=False)
if DEBUG and PRODUCTION:
    _stop("DEBUG=1 is refused when HOST is not loopback or DEMO=0.")
SECRET_KEY = _secret_key()
ALLOWED_HOSTS = _allowed_hosts()
METRICS_TOKEN = _metrics_token()  # without one, /metrics is for the demo alone
LOG_FORMAT = _choice("LOG_FORMAT", default="json" if PRODUCTION else "text", allowed=LOG_FORMATS)
LOG_REQUESTS = _switch("LOG_REQUESTS", default=False)  # else failed and slow ones only
# Set by `manage.py serve`: where the counters of all its processes are summed from.
TELEMETRY_FOLDER = os.environ.get("PROMETHEUS_MULTIPROC_DIR", "")
INGEST_RATE = _number("INGEST_RATE", default=1000, low=0, high=1_000_000)
EVENT_SINK = _choice("EVENT_SINK", default="direct", allowed=("direct", "kafka"))
KAFKA_BOOTSTRAP_SERVERS = _kafka_servers()
KAFKA_TOPIC = _kafka_topic()
KAFKA_OPTIONS = _kafka_options()
DATABASES = {"default": _database()}
WORKERS = _number("WORKERS", default=1, low=1, high=64)  # processes of the server
if WORKERS > 1 and str(DATABASES["default"]["ENGINE"]).endswith("sqlite3"):
    _stop("WORKERS above 1 needs PostgreSQL: SQLite has one writer.")
PUBLIC_URL = _public_url()  # how people reach the server: links in messages begin with it
EMAIL_BACKEND, _EMAIL = _email()
EMAIL_HOST, EMAIL_PORT = _EMAIL.hostname or "", _EMAIL.port or _EMAIL_PORTS.get(_EMAIL.scheme, 0)
EMAIL_HOST_USER = unquote(_EMAIL.username or "")
EMAIL_HOST_PASSWORD = unquote(_EMAIL.password or "")
EMAIL_USE_SSL = _EMAIL.scheme == "smtps"
EMAIL_USE_TLS = _EMAIL.scheme == "smtp" and _EMAIL.query != "tls=0"  # 0: a relay within the house
EMAIL_FILE_PATH = _EMAIL.path or None
EMAIL_TIMEOUT = 10  # seconds
SENDS_MAIL = bool(os.environ.get("EMAIL_URL")) or not PRODUCTION  # pages about accounts ask
DEFAULT_FROM_EMAIL = SERVER_EMAIL = _email_from()
# Inner networks that webhooks may reach besides public machines: the operator's word, never a
# site's. Where a demo names the loopback network, plain HTTP is enough.
WEBHOOK_NETWORKS = _webhook_networks()
WEBHOOK_PLAIN_HTTP = not PRODUCTION and any(net.is_loopback for net in WEBHOOK_NETWORKS)

# --- Django ------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "workers.apps.FactoryAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "rest_framework.authtoken",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "axes",
    "csp",
    "simple_history",
    "common",
    "workers",
    "events",
    "metrics",
    "drift",
    "demo",
]
MIDDLEWARE = [
    "common.requests.RequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # tables, figures and scripts: a tenth of their size
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "common.http.PolicyMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",  # who changed what
    "axes.middleware.AxesMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ]
        },
    }
]
ROOT_URLCONF = "factory_project.urls"
WSGI_APPLICATION = "factory_project.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FIXTURE_DIRS = [BASE_DIR / "fixtures"]
LANGUAGE_CODE = "en"
FORMAT_MODULE_PATH = "factory_project.formats"
TIME_ZONE = "UTC"
USE_TZ = True
AUTH_USER_MODEL = "workers.User"
STATIC_URL = "static/"
# STATIC_DIR: they were collected there before, such as in an image; then `serve` collects none.
ARE_STATICS_COLLECTED = bool(os.environ.get("STATIC_DIR"))
STATIC_ROOT = Path(os.environ.get("STATIC_DIR", "") or DATA_DIR / "static").resolve()
STATICFILES_DIRS = [BASE_DIR / "static"]
# In production `manage.py serve` collects static files and gives each a name with its fingerprint;
# elsewhere they are served as they lie.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "common.static_files.FingerprintedStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
MEDIA_ROOT = DATA_DIR / "snapshots"  # never served as files: events.snapshots
EXPORTS_ROOT = DATA_DIR / "retraining"  # likewise: drift.reviewing.retraining
# An ingest body may have 5 MB: events.api_ingest draws the exact line.
DATA_UPLOAD_MAX_MEMORY_SIZE = 6_000_000
_FORMATTERS = {"text": "common.logs.TextFormatter", "json": "common.logs.JsonFormatter"}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": _FORMATTERS[LOG_FORMAT]}},
    "filters": {"only_tracebacks": {"()": "common.logs.OnlyTracebacks"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    # Refused requests are answers, not faults: they are counted where they are refused.
    "loggers": {
        "django.request": {"level": "ERROR", "filters": ["only_tracebacks"]},
        "axes": {"level": "WARNING"},
        "_granian": {"level": "ERROR", "propagate": True},  # as ours, once Django is there
    },
}

SIMPLE_HISTORY_DATE_INDEX = False  # a site's history is found by the site

# --- Who may come in ---------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "workers.authentication.MembershipBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = reverse_lazy("login")
LOGIN_REDIRECT_URL = reverse_lazy("overview")
LOGOUT_REDIRECT_URL = reverse_lazy("login")
PASSWORD_RESET_TIMEOUT = 24 * 3_600  # seconds
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "common.http.locked_out"

# --- Headers -----------------------------------------------------------------------------------

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]  # asked from inside
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
# TLS ends at a reverse proxy, which sets this header; see docs/operations.md, "Reverse proxy".
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
X_FRAME_OPTIONS = "DENY"
_POLICY = {
    "default-src": [SELF],
    "script-src": [SELF, NONCE],
    "style-src": [SELF],
    "img-src": [SELF, "data:"],
    "connect-src": [SELF],
    "object-src": [NONE],
    "base-uri": [NONE],
    "form-action": [SELF],
    "frame-ancestors": [NONE],
}
CONTENT_SECURITY_POLICY = {"DIRECTIVES": _POLICY}
# Alpine, in the admin theme, evaluates expressions and sets styles.
_INLINE_STYLES = {"style-src": [SELF, "'unsafe-inline'"]}
_ADMIN_SCRIPTS = {"script-src": [SELF, "'unsafe-eval'", "'unsafe-inline'"]}
WIDER_POLICIES = {
    "/admin/": _POLICY | _ADMIN_SCRIPTS | _INLINE_STYLES,
    "/api/docs/": _POLICY | _INLINE_STYLES,  # the page that shows the API sets styles too
}

# --- API ---------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "workers.authentication.MemberTokenAuthentication",
        "workers.authentication.MemberSessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["common.rendering.JsonRenderer"],
    "DEFAULT_PARSER_CLASSES": ["common.parsing.StrictJsonParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "common.http.CursorPages",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "common.http.answer_exception",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Factory productivity API",
    "DESCRIPTION": "Events from cameras in, figures about workers and workstations out.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "events.openapi.add_event_schemas",
        "common.openapi.add_refusals",
    ],
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

# --- Our own -----------------------------------------------------------------------------------

# How long the server's statements on PostgreSQL may take, and wait for others (docs/postgres.md). A
# request behind a stuck writer is told to come back; commands take the time that they need.
REQUEST_LIMITS_MS = {
    "statement_timeout": 30_000,
    "lock_timeout": 10_000,
    "idle_in_transaction_session_timeout": 60_000,
}
# What follows from facts, in the transaction that stores them. Called as project(change:
# events.domain.change.Change).
PROJECTIONS = ["metrics.rollup.project", "drift.histogram.project"]
# What must be settled before a site's horizon moves (events.retention): called as
# freeze(master, horizon: int) in the transaction that moves it.
FREEZERS = ["metrics.freezing.close_tails"]
# What `manage.py rebuild` makes again and `manage.py verify` compares: modules with
# rebuild_steps(site_id) and verify_steps(site_id).
DERIVATIONS = ["metrics.rebuild", "drift.rebuild"]
# What belongs to a site, for its move and its removal (workers.moving): modules with
# KINDS, OF_THE_INSTALLATION, and maybe FILES and arrived(site_id).
MOVING = ["workers.moved", "events.moved", "metrics.moved", "drift.moved"]
# Called as recalculate(site_id: int) when a setting of the calculation (ttl, threshold) has
# changed.
RECALCULATIONS = ["metrics.rebuild.recalculate"]
# What the overview says beside a workstation: called as marks(site_id: int) -> {workstation id:
# since when recognition is less sure, in ms}; empty: nothing.
STATION_MARKS = "drift.queries.marks.station_marks"
# What the page "Recognition" shows: called as
# recognition(site, window, page=number, here=address, may_review=bool) -> HTML.
# The frame, the period and who may come in are those of the figures' pages. And its numbers as a
# table: called as recognition_by_day(site, window) -> rows.
RECOGNITION = "drift.health.page.recognition"
RECOGNITION_BY_DAY = "drift.health.page.recognition_by_day"
# Columns of the admin's lists whose values other apps know, by model (workers.admin.columns).
ADMIN_COLUMNS = {
    "workers.Worker": ["metrics.admin_columns.WORKERS"],
    "workers.Workstation": ["metrics.admin_columns.WORKSTATIONS"],
    "workers.Camera": ["events.admin_columns.CAMERAS", "drift.admin_columns.CAMERAS"],
    "drift.WatchedCamera": ["drift.admin_columns.WATCHED"],
}
# What the admin's start page says (workers.start_page), in this order; and who knows whether an
# event has ever come from a site.
START_PAGE_CARDS = [
    "workers.start_cards.worker",
    "workers.start_cards.silent",
    "drift.watching.start_cards.alerts",
    "events.stream.start_cards.waiting",
    "events.start_cards.refused",
    "events.stream.start_cards.dead",
    "drift.reviewing.start_cards.due",
    "drift.notifying.start_cards.undelivered",
    "drift.notifying.start_cards.unheard",
    "workers.start_cards.keys",
    "workers.start_cards.recalculation",
    "workers.start_cards.leaving",
    "drift.reviewing.start_cards.retrainings",
    "metrics.start_cards.coverage",
]
SITE_HAS_EVENT = "events.start_cards.has_event"
# What a reviewer without a picture sees: called as states(worker_id: int, window, master) ->
# stretches of (start, end, state, workstation id).
STATES_AROUND = "metrics.queries.around.states_around"
# What `manage.py run_worker` calls as task(now_ms: int), every so many seconds; safe to repeat.
WORKER_TASKS = [
    ("metrics.rebuild.rebuild_due", 5),
    ("drift.notifying.dispatch.send_due", 2),
    ("drift.watching.checks.check_all", 60),
    ("drift.notifying.outbox.remove_old", 3600),
    ("drift.reviewing.queue.tend_queue", 60),
    ("events.snapshots.remove_expired", 3600),
    ("events.refusals.remove_old", 3600),
    ("events.retention.remove_old", 3600),
    ("workers.pseudonyms.remove_due", 3600),
    ("workers.old_history.remove_old", 3600),
    ("workers.moving.removal.remove_leaving", 5),
]


# What /readyz asks, by name: called as check(), raises common.readiness.NotReadyError.
READINESS_CHECKS = {"database": "common.readiness.database"}
if EVENT_SINK == "kafka":
    READINESS_CHECKS["kafka"] = "events.stream.readiness.broker"
# What /metrics shows besides what code has counted: called as collect(now_ms: int) -> metrics, each
# every 10 s at most and within 3 s.
TELEMETRY_COLLECTORS = [
    "common.machine.collect",
    "workers.telemetry.collect",
    "events.telemetry.collect",
    "events.stream.telemetry.collect",
    "drift.telemetry.collect",
]


# The overview's blue (assets/dashboard.css), lighter and darker.
_PRIMARY = {
    "50": "#eef5fc",
    "100": "#d8e8f8",
    "200": "#b5d3f1",
    "300": "#8abdf0",
    "400": "#5fa3e6",
    "500": "#3b86d6",
    "600": "#0b5cad",
    "700": "#094d91",
    "800": "#083f77",
    "900": "#083560",
    "950": "#05203c",
}


def _menu(title: str, *items: dict[str, Any]) -> dict[str, Any]:
    return {"title": title, "separator": True, "items": list(items)}


def _list(title: str, icon: str, model: str) -> dict[str, Any]:
    """A link to a model's list, for whose role may open it."""
    return {
        "title": title,
        "icon": icon,
        "link": reverse_lazy(f"admin:{model.replace('.', '_').lower()}_changelist"),
        "permission": lambda request: import_string("workers.admin_site.may_view")(request, model),
    }


def _page(title: str, icon: str, name: str, *, like: str) -> dict[str, Any]:
    """A link to a page of the admin, for whom may open that model's list."""
    return _list(title, icon, like) | {"link": reverse_lazy(f"admin:{name}")}


# Of no use to who has no Kafka.
_KAFKA_PAGES = (
    [_list("Kafka", "conveyor_belt", "events.StreamPosition")] if KAFKA_BOOTSTRAP_SERVERS else []
)
UNFOLD = {
    "SITE_TITLE": "Factory productivity",
    "SITE_HEADER": "Factory productivity",
    "SITE_SUBHEADER": "What the cameras saw",
    "SITE_URL": reverse_lazy("overview"),
    "SITE_SYMBOL": "factory",
    "COLORS": {"primary": _PRIMARY},
    "SHOW_HISTORY": True,
    "STYLES": [lambda _request: static("css/admin.css")],
    "SITE_FAVICONS": [
        {
            "rel": "icon",
            "type": "image/svg+xml",
            "href": lambda _request: static("img/icon.svg"),
        }
    ],
    "SIDEBAR": {
        "navigation": [
            {
                "items": [
                    {
                        "title": "Start",
                        "icon": "checklist",
                        "link": reverse_lazy("admin:index"),
                    },
                    {
                        "title": "Dashboard",
                        "icon": "monitoring",
                        "link": reverse_lazy("overview"),
                        "active": False,
                    },
                ]
            },
            _menu(
                "Floor",
                _list("Sites", "factory", "workers.Site"),
                _list("Workers", "badge", "workers.Worker"),
                _list("Workstations", "precision_manufacturing", "workers.Workstation"),
                _list("Cameras", "videocam", "workers.Camera"),
                _list("Shifts", "schedule", "workers.Shift"),
                _list("Closures", "event_busy", "workers.Closure"),
            ),
            _menu(
                "Events",
                _list("Events", "sensors", "events.Event"),
                _list("Refused events", "sensors_off", "events.RefusedEvent"),
                *_KAFKA_PAGES,
            ),
            _menu(
                "Recognition",
                _list("Alerts", "notification_important", "drift.Alert"),
                _list("By camera", "show_chart", "drift.WatchedCamera"),
                _list("Maintenance", "build", "drift.MaintenanceWindow"),
                _list("Rules", "rule", "drift.WatchRules"),
            ),
            _menu(
                "Review",
                _page("Queue", "rate_review", "review_queue", like="drift.ReviewItem"),
                _page("Precision", "target", "review_precision", like="workers.Worker"),
                _list("Chosen events", "fact_check", "drift.ReviewItem")
                | {"active": lambda request: "reviewitem" in request.resolver_match.url_name},
                _list("How much is reviewed", "tune", "drift.ReviewPlan"),
                _list("Frozen for training", "inventory_2", "drift.RetrainingExport"),
            ),
            _menu(
                "Figures",
                _list("Worker status", "person_pin_circle", "metrics.WorkerStatus"),
                _list("Spans", "timeline", "metrics.Span"),
                _list("Buckets", "bar_chart", "metrics.Bucket"),
                _list("Workstation buckets", "stacked_bar_chart", "metrics.WorkstationBucket"),
            ),
            _menu(
                "Notifications",
                _list("Recipients", "contact_mail", "drift.Recipient"),
                _list("Webhooks", "webhook", "drift.Webhook"),
                _list("Outbox", "outbox", "drift.OutboxMessage"),
            ),
            _menu(
                "Access",
                _list("Ingest keys", "key", "workers.IngestKey"),
                _list("Wall screens", "tv", "workers.WallScreen"),
                _list("People", "group", "workers.Membership"),
                _list("Invitations", "mail", "workers.Invitation"),
                _list("Users", "person", "workers.User"),
                _list("API tokens", "token", "authtoken.TokenProxy"),
                _list("Failed log-ins", "lock_clock", "axes.AccessAttempt"),
                _list("Background tasks", "autorenew", "workers.BackgroundTask"),
            ),
        ],
    },
}
