"""Which workstations are watched by a camera whose recognition is doubtful, and since when."""

from common.instants import to_ms
from drift.models import Alert, Status


def station_marks(site_id: int) -> dict[int, int]:
    """Since when recognition is less sure, by workstation; one statement.

    Of drift only: of a silent camera the figures themselves say that nothing is seen.
    """
    rows = Alert.objects.filter(site_id=site_id, is_live=False).exclude(status=Status.RESOLVED)
    marks: dict[int, int] = {}
    for station_id, onset_at in rows.values_list("camera__workstations", "onset_at"):
        if station_id is not None:
            since = to_ms(onset_at)
            marks[station_id] = min(since, marks.get(station_id, since))
    return marks
