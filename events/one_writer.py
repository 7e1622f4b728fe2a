"""One writer per site at a time: whoever changes facts or verdicts locks the site first."""

from collections.abc import Collection

from common import dialect
from workers.domain.master import MasterData
from workers.models import Site
from workers.queries import master_data_at


class SiteGoneError(Exception):
    """The site was removed, or began to be, after it was recognised; nothing was stored."""


def lock(site_ids: Collection[int]) -> dict[int, MasterData]:
    """The sites are ours until the transaction ends, and so their master data holds."""
    if not site_ids:
        return {}
    rows = dialect.lock(Site, ["id", "master_revision", "state"], sorted(site_ids))
    if sum(state == Site.State.OPEN for *_, state in rows) < len(site_ids):
        raise SiteGoneError
    return {site_id: master_data_at(site_id, revision) for site_id, revision, _ in rows}
