"""Cards of the start page that speak of master data: cameras, keys, sums, and the worker."""

from collections.abc import Collection, Sequence
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from common import clock
from common.instants import to_ms
from workers import tasks
from workers.admin.moments import ago, ahead
from workers.key_states import KeyState, in_state
from workers.models import Camera, IngestKey, Role, Site
from workers.moving.removal import left_of
from workers.silence import Silent, silent_cameras
from workers.start_page import LINES, Card, Level, Line, OwnSite, counted, with_role


def silent(request: HttpRequest, sites: Sequence[OwnSite]) -> Card | None:
    """Cameras that should have been heard by now."""
    now = clock.now()
    found = silent_cameras(with_role(sites, Role.VIEWER), at=now)
    if not found:
        return None
    admin_of = {site.pk for site in with_role(sites, Role.ADMIN)}
    return Card(
        title="Silent cameras",
        number=f"{len(found):,}",
        words=counted(len(found), "camera is not heard", "cameras are not heard"),
        url=list_of("camera", seen="silent"),
        level=Level.ALERT if any(each.camera.last_seen_at for each in found) else Level.ATTENTION,
        lines=[
            Line(
                text=_placed(each.camera, each.site, sites),
                url=_page_of(each, admin_of),
                note=ago(each.camera.last_seen_at, now, never="never heard"),
            )
            for each in found[:LINES]
        ],
    )


def keys(request: HttpRequest, sites: Sequence[OwnSite]) -> Card | None:
    """Keys whose sender is shut out soon."""
    now = clock.now()
    own = IngestKey.objects.filter(site__in=with_role(sites, Role.ADMIN))
    rows = in_state(own, KeyState.EXPIRING, at=now).select_related("camera", "site")
    found = list(rows.order_by("expires_at", "id"))
    if not found:
        return None
    return Card(
        title="Keys about to expire",
        number=f"{len(found):,}",
        words=counted(
            len(found), "key ends, and its camera has no other", "keys end without another"
        ),
        url=list_of("ingestkey", state=KeyState.EXPIRING),
        lines=[
            Line(
                text=_placed(key.camera, key.site, sites) if key.camera else f"{key.site}: gateway",
                url=reverse("admin:workers_ingestkey_change", args=[key.pk]),
                note=ahead(key.expires_at, now) if key.expires_at else "",
            )
            for key in found[:LINES]
        ],
    )


def leaving(request: HttpRequest, sites: Sequence[OwnSite]) -> Card | None:
    """Sites that are being removed, and how far that is; for superusers."""
    if not request.user.is_superuser:
        return None
    found = list(Site.every.filter(state=Site.State.LEAVING).order_by("code"))
    if not found:
        return None
    return Card(
        title="Sites being removed",
        number=f"{len(found):,}",
        words=counted(len(found), "site goes for good", "sites go for good"),
        url=reverse("admin:workers_site_changelist"),
        level=Level.ATTENTION,
        lines=[Line(text=each.code, url="", note=_still_there(each)) for each in found[:LINES]],
    )


def _still_there(site: Site) -> str:
    left, of = left_of(site.pk)
    return f"{left} of {of} kinds of rows are left"


def recalculation(request: HttpRequest, sites: Sequence[OwnSite]) -> Card | None:
    """Sites whose figures still follow an older setting."""
    now = clock.now()
    due = [site for site in with_role(sites, Role.MANAGER) if site.recalculation_due_at]
    if not due:
        return None
    return Card(
        title="Sums waiting for recalculation",
        number=f"{len(due):,}",
        words=counted(
            len(due), "site shows figures by an older setting", "sites show figures by old settings"
        ),
        url=f"{reverse('admin:workers_site_changelist')}?recalculation_due_at__isnull=False",
        lines=[
            Line(
                text=str(site),
                url=reverse("admin:workers_site_change", args=[site.pk]),
                note=f"changed {ago(site.recalculation_due_at, now)}",
            )
            for site in due[:LINES]
        ],
    )


def worker(request: HttpRequest, sites: Sequence[OwnSite]) -> Card | None:
    """Nobody does what goes on by itself; for those who can do something about it."""
    if not with_role(sites, Role.ADMIN) and not request.user.is_superuser:
        return None
    if not tasks.worker_is_late(to_ms(clock.now())):
        return None
    tasks_page = reverse("admin:workers_backgroundtask_changelist")
    return Card(
        title="The worker isn't running",
        number="!",
        words="notifications, checks and recalculations wait; start it with “manage.py run_worker”",
        url=tasks_page if request.user.is_superuser else "",
        level=Level.ALERT,
    )


def list_of(kind: str, **chosen: str) -> str:
    """The address of a list, narrowed."""
    return f"{reverse(f'admin:workers_{kind}_changelist')}?{urlencode(chosen)}"


def _page_of(silent: Silent, admin_of: Collection[int]) -> str:
    """Who may connect a camera that was never heard is led to where that is done."""
    camera = silent.camera
    if camera.last_seen_at is None and camera.site_id in admin_of:
        return reverse("connect", args=[camera.site_id, camera.pk])
    return reverse("admin:workers_camera_change", args=[camera.pk])


def _placed(camera: Camera, site: Site, sites: Sequence[OwnSite]) -> str:
    """With its site, where there are several."""
    return f"{camera} · {site}" if len(sites) > 1 else str(camera)
