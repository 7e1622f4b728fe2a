"""How a share, and a precision with its interval, are written."""

from drift.domain.precision import Precision


def percent(share: float | None) -> str:
    """With one decimal; a dash where nothing is known."""
    return "–" if share is None else f"{100 * share:.1f} %"


def interval(found: Precision | None) -> str:
    """The estimate with its bounds, or that the reviews do not suffice."""
    if found is None or not found.is_enough:
        number = found.n if found else 0
        return f"not enough ({number} review{'' if number == 1 else 's'})"
    return f"{percent(found.estimate)} ({percent(found.low)} – {percent(found.high)})"
