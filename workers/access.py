"""Which sites a user may see, and what they may do there."""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.db.models import Prefetch, QuerySet

from workers.models import Membership, Role, Site, User

_RANK = {role: rank for rank, role in enumerate(Role.values)}


@dataclass(frozen=True, slots=True)
class SiteAccess:
    """A site as one user sees it."""

    site: Site
    role: str

    def at_least(self, role: str) -> bool:
        """Whether the user's role is this one or a higher one."""
        return _RANK[self.role] >= _RANK[role]


def site_for(user: User | AnonymousUser, code: str) -> SiteAccess:
    """The site of that code, if the user is a member (superusers are of all). Raises Http404 else: others' sites do not exist."""
    sites = list(sites_of(user).filter(code=code))
    if not sites:
        raise Http404(f"There is no site {code!r} that you are a member of.")
    return access_of(user, sites[0])


def sites_of(user: User | AnonymousUser) -> QuerySet[Site]:
    """The sites that the user is a member of, with their membership at hand."""
    if isinstance(user, AnonymousUser):
        return Site.objects.none()
    own = Membership.objects.filter(user=user)
    sites = Site.objects.prefetch_related(Prefetch("memberships", queryset=own, to_attr="own"))
    return sites if user.is_superuser else sites.filter(memberships__user=user)


def access_of(user: User | AnonymousUser, site: Site) -> SiteAccess:
    """The access to a site out of `sites_of`."""
    own: list[Membership] = site.own  # type: ignore[attr-defined]
    return SiteAccess(site, Role.ADMIN if user.is_superuser else own[0].role)


def sites_with_role(user: User | AnonymousUser, role: str) -> QuerySet[Site]:
    """The sites where the user's role is at least this one."""
    if isinstance(user, AnonymousUser):
        return Site.objects.none()
    if user.is_superuser:
        return Site.objects.all()
    roles = [name for name in Role.values if _RANK[name] >= _RANK[role]]
    return Site.objects.filter(memberships__user=user, memberships__role__in=roles)
