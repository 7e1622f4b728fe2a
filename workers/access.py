"""Which sites a user may see, and what they may do there."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import F, Q, QuerySet, Value
from django.http import Http404

from common import dialect
from workers.models import Membership, Role, Site, User

_RANK = {role: rank for rank, role in enumerate(Role.values)}


@dataclass(frozen=True, slots=True)
class SiteAccess:
    """A site as one user sees it, with what says whether an answer about it is still true."""

    site_id: int
    revision: int
    master_revision: int
    recalculating: bool
    role: str

    def at_least(self, role: str) -> bool:
        """Whether the user's role is this one or a higher one."""
        return _RANK[self.role] >= _RANK[role]


@dataclass(frozen=True, slots=True)
class Roles:
    """A user's roles at all of their sites, by site id; a superuser is admin everywhere."""

    everywhere: bool
    by_site: dict[int, str]

    def allow(self, role: str, site_id: int) -> bool:
        """Whether the user has this role, or a higher one, at the site."""
        own = self.by_site.get(site_id)
        return self.everywhere or (own is not None and _RANK[own] >= _RANK[role])

    def allow_somewhere(self, role: str) -> bool:
        """Whether the user has this role, or a higher one, at any site."""
        return self.everywhere or any(self.allow(role, site_id) for site_id in self.by_site)

    def condition(self, role: str, path: str) -> Q:
        """Rows of the sites where the user has this role or more; `path` leads to a row's site."""
        if self.everywhere:
            return Q()
        return Q(
            **{f"{path}__in": [site_id for site_id in self.by_site if self.allow(role, site_id)]}
        )

    def show_names(self, site: Site) -> bool:
        """Whether the user may see the names of the site's workers."""
        return site.people_shown == Site.PeopleShown.NAMES or self.allow(Role.ADMIN, site.pk)


def roles_of(user: User | AnonymousUser) -> Roles:
    """All that the user is a member of, in one query."""
    if isinstance(user, AnonymousUser):
        return Roles(everywhere=False, by_site={})
    if user.is_superuser:
        return Roles(everywhere=True, by_site={})
    active = user.memberships.filter(is_active=True, site__state=Site.State.OPEN)
    return Roles(everywhere=False, by_site=dict(active.values_list("site_id", "role")))


def site_id_of(subject: Any, path: str) -> int:
    """The site that an object belongs to; `path` leads there, as in `Roles.condition`."""
    *owners, last = path.split("__")
    for name in owners:
        subject = getattr(subject, name)
    site_id: int = subject.pk if last == "pk" else subject.site_id
    return site_id


_COLUMNS = ("id", "revision", "master_revision", "recalculation_due_at", "state")


def site_for(user: User | AnonymousUser, code: str) -> SiteAccess:
    """The site of that code, if the user is a member. Raises Http404 else: others do not exist.

    Every poll asks this, and two plain statements take a third of one that the ORM puts together.
    """
    can_be = "\0" not in code  # which PostgreSQL refuses to look for
    found = dialect.matching(Site, _COLUMNS, ["code"], [(code,)]) if can_be else []
    for site_id, revision, master_revision, due_at, state in found:
        role = _role_of(user, site_id) if state == Site.State.OPEN else None
        if role:
            return SiteAccess(site_id, revision, master_revision, due_at is not None, role)
    raise Http404(f"There is no site {code!r} that you are a member of.")


def _role_of(user: User | AnonymousUser, site_id: int) -> str | None:
    if isinstance(user, AnonymousUser):
        return None
    if user.is_superuser:
        return Role.ADMIN.value
    of_both = [(user.pk, site_id)]
    rows = dialect.matching(Membership, ["role", "is_active"], ["user_id", "site_id"], of_both)
    return next((role for role, is_active in rows if is_active), None)


def sites_of(user: User | AnonymousUser) -> QuerySet[Site]:
    """The sites that the user is a member of, each with the user's role at hand: one query."""
    if isinstance(user, AnonymousUser):
        return Site.objects.none()
    if user.is_superuser:
        return Site.objects.annotate(own_role=Value(Role.ADMIN.value))
    own = Site.objects.filter(memberships__user=user, memberships__is_active=True)
    return own.annotate(own_role=F("memberships__role"))


def access_of(site: Site) -> SiteAccess:
    """The access to a site out of `sites_of`."""
    role: str = site.own_role  # type: ignore[attr-defined]
    due = site.recalculation_due_at is not None
    return SiteAccess(site.pk, site.revision, site.master_revision, due, role)
