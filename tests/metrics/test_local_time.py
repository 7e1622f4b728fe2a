"""Local times of a site's clock become instants, where clocks change too."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from common.instants import to_ms
from metrics.local_time import instant_at

BERLIN, LORD_HOWE = ZoneInfo("Europe/Berlin"), ZoneInfo("Australia/Lord_Howe")


@pytest.mark.parametrize(
    "zone, local, fold, instant",
    [
        (BERLIN, "2026-06-17T08:00", 0, "2026-06-17T06:00:00Z"),
        (BERLIN, "2026-06-17T08:00:20", 1, "2026-06-17T06:00:20Z"),
        (BERLIN, "2026-10-25T02:30", 0, "2026-10-25T00:30:00Z"),
        (BERLIN, "2026-10-25T02:30", 1, "2026-10-25T01:30:00Z"),
        (BERLIN, "2026-03-29T02:00", 0, "2026-03-29T01:00:00Z"),
        (BERLIN, "2026-03-29T02:41:20", 1, "2026-03-29T01:00:00Z"),
        (BERLIN, "2026-03-29T03:00", 0, "2026-03-29T01:00:00Z"),
        (LORD_HOWE, "2026-10-04T02:15", 0, "2026-10-03T15:30:00Z"),
    ],
    ids=[
        "any",
        "with seconds",
        "twice, first pass",
        "twice, second pass",
        "the jump itself",
        "skipped",
        "after the jump",
        "skipped half an hour",
    ],
)
def test_a_local_time_is_an_instant(zone: ZoneInfo, local: str, fold: int, instant: str) -> None:
    moment = datetime.fromisoformat(local)
    assert instant_at(zone, moment, fold=fold) == to_ms(datetime.fromisoformat(instant))
