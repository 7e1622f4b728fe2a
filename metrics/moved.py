"""What of the figures belongs to a site: they move as they are, and nothing is computed anew."""

from metrics.models import Bucket, DayMark, Span, WorkerStatus, WorkstationBucket
from workers.moving.kinds import Kind

KINDS = (
    Kind(Span, site="worker__site"),
    Kind(WorkerStatus, site="worker__site"),
    Kind(DayMark, site="site"),
    Kind(Bucket, site="site"),
    Kind(WorkstationBucket, site="site"),
)
OF_THE_INSTALLATION = ()
