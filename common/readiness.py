"""Whether this server can do its work: what `/readyz` asks. Settings name the checks."""

import logging
from collections.abc import Callable
from functools import lru_cache

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, JsonResponse
from django.utils.module_loading import import_string
from django.views.decorators.http import require_safe

from common.bounded import Bounded

PATIENCE_S = 2  # a probe asks every few seconds and has little patience itself

log = logging.getLogger(__name__)


class NotReadyError(Exception):
    """Says what is missing, in words that anybody may read."""


@require_safe
def readyz(_request: HttpRequest) -> JsonResponse:
    """200, or 503 with what is wrong; at most two seconds per check."""
    said = {name: _said_by(name, check) for name, check in _checks().items()}
    is_ready = all(words == "ok" for words in said.values())
    return JsonResponse(
        {"status": "ready" if is_ready else "not ready", "checks": said},
        status=200 if is_ready else 503,
        headers={"Cache-Control": "no-store"},
    )


def database() -> None:
    """The database answers and has every table that this release knows."""
    try:
        applied = MigrationRecorder(connection).applied_migrations()
    except (DatabaseError, InterfaceError) as error:
        log.warning("The database cannot be used: %s", error)
        raise NotReadyError("cannot be used") from error
    # More than we know is fine: a newer release may stand beside this one.
    if missing := _known_migrations() - applied.keys():
        raise NotReadyError(f"{len(missing)} migrations are not applied")


@lru_cache
def _checks() -> dict[str, Bounded[None]]:
    checks: dict[str, Callable[[], None]] = {
        name: import_string(path) for name, path in settings.READINESS_CHECKS.items()
    }
    return {name: Bounded(check, patience_s=PATIENCE_S) for name, check in checks.items()}


def _said_by(name: str, check: Bounded[None]) -> str:
    try:
        check.result()
    except NotReadyError as error:
        return str(error)
    except TimeoutError:
        return f"no answer within {PATIENCE_S} s"
    except Exception:  # whatever a check stumbles over is told to those who read the log
        log.exception("The check of %s failed.", name)
        return "the check failed"
    return "ok"


@lru_cache
def _known_migrations() -> frozenset[tuple[str, str]]:
    """Read from disk once: another release is another process."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).disk_migrations or {})
