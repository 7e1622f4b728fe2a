"""The newest day on which anything was seen."""

from common.instants import to_ms
from metrics.models import Bucket, Grain
from workers.domain.master import MasterData


def newest_day_with_data(master: MasterData, *, before: int) -> int | None:
    """An instant on the newest day that has events or time before an instant.

    None when nothing was ever seen.
    """
    rows = Bucket.objects.filter(site_id=master.site_id, grain=Grain.HOUR, start_at__lt=before)
    newest = rows.order_by("-start_at").values_list("start_at", flat=True).first()
    return None if newest is None else to_ms(newest)
