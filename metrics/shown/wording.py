"""How phrases are said and numbers written."""

from decimal import ROUND_HALF_EVEN, Decimal

from django.utils.translation import gettext

from metrics.shown.words import WORDS

DASH = "–"

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400


def words() -> dict[str, str]:
    """All words in the reader's language."""
    return {key: gettext(text) for key, text in WORDS.items()}


def say(key: str, **values: str) -> str:
    """A phrase with its values filled in."""
    return gettext(WORDS[key]).format(**values)


def percent(value: float | None, *, digits: int = 1) -> str:
    """`78.4 %`, or a dash where there is nothing to divide by."""
    return DASH if value is None else say("percent", value=fixed(value, digits))


def amount(value: float | None, *, digits: int = 0) -> str:
    """`1,234`, or a dash."""
    return DASH if value is None else fixed(value, digits)


def fixed(value: float, digits: int) -> str:
    """Rounded half to even, as the number is written: browsers round its shortest decimal too."""
    rounded = Decimal(repr(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_EVEN)
    return f"{rounded:,f}"


def confidence(value: float) -> str:
    """A threshold as it was set: with two decimals, or with three where it has them."""
    return fixed(value, 2 if round(value, 2) == value else 3)


def duration(seconds: float) -> str:
    """`4 s`, `3 min`, `2 h 05 min`, `3 d 4 h`: never more digits than matter."""
    whole = max(0, int(seconds))
    if whole < _MINUTE:
        return say("seconds", s=str(whole))
    if whole < _HOUR:
        return say("minutes", m=str(whole // _MINUTE))
    if whole < _DAY:
        return say("hours", h=str(whole // _HOUR), mm=f"{whole % _HOUR // _MINUTE:02}")
    return say("days", d=str(whole // _DAY), h=str(whole % _DAY // _HOUR))


def spent(milliseconds: int) -> str:
    """Time scheduled, seen or worked: `2 h 05 min`, `1,204 h`. No shift has days of 24 hours."""
    seconds = milliseconds // 1_000
    if seconds < _DAY:
        return duration(seconds)
    return say("whole_hours", h=amount(seconds // _HOUR))
