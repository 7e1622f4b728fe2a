"""Where a workstation's target went: three losses, together exactly what is missing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.domain.losses import losses

SHARE = st.floats(0, 100)


@given(SHARE, SHARE, st.floats(0, 500))
def test_losses_are_together_what_is_missing(occupied: float, worked: float, made: float) -> None:
    lost = losses(
        {"occupancy_pct": occupied, "availability_pct": worked, "target_attainment_pct": made}
    )
    assert sum(lost) == pytest.approx(100 - made)


@pytest.mark.parametrize(
    "occupied, worked, made, reason",
    [
        (40, 40, 40, "empty"),
        (95, 50, 50, "waiting"),
        (95, 90, 60, "pace"),
        (88, 45, 65, "waiting"),  # faster than the target asks, but seldom at work
        (50, 0, 0, "empty"),  # of equal ones the first
    ],
)
def test_the_greatest_loss_is_the_reason(
    occupied: float, worked: float, made: float, reason: str
) -> None:
    station = {
        "occupancy_pct": occupied,
        "availability_pct": worked,
        "target_attainment_pct": made,
    }
    assert losses(station).greatest == reason
