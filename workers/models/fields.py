"""Fields and constraints that several kinds of master data share."""

from datetime import UTC, date, datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from common.instants import FIVE_MINUTES_MS, to_ms

validate_code = RegexValidator(
    r"\A[^\s\x00-\x1f\x7f](?:[^\x00-\x1f\x7f]{0,62}[^\s\x00-\x1f\x7f])?\Z",
    "A code has 1 to 64 characters, no control characters and no space at its ends.",
)


def validate_mark(value: time | datetime) -> None:
    """A local time on a 5-minute mark: figures are kept in steps of 5 minutes."""
    if value.minute % 5 or value.second or value.microsecond:
        raise ValidationError("Give a time on a 5-minute mark, such as 06:00 or 14:35.")


def validate_instant_mark(value: datetime) -> None:
    """An instant on a 5-minute mark."""
    if to_ms(value.astimezone(UTC)) % FIVE_MINUTES_MS or value.microsecond:
        raise ValidationError("Give a time on a 5-minute mark, such as 06:00 or 14:35.")


def code_field() -> "models.CharField[str, str]":
    """What events name a thing by; it never changes, since it decides ties between events."""
    return models.CharField(max_length=64, validators=[validate_code])


def day_field(text: str) -> "models.DateField[date | None, date | None]":
    """A day in the site's time zone, open when empty."""
    return models.DateField(null=True, blank=True, help_text=text)


FIRST_DAY = "The first day that counts; empty: since ever."
END_DAY = "The first day that no longer counts; empty: open."


def days_in_order(name: str, start: str, end: str) -> models.CheckConstraint:
    """The end day lies after the first; an empty day is open."""
    return models.CheckConstraint(
        condition=Q(**{f"{end}__gt": F(start)})
        | Q(**{f"{start}__isnull": True})
        | Q(**{f"{end}__isnull": True}),
        name=name,
        violation_error_message="The end must lie after the start.",
    )


def one_from(name: str, fields: list[str], since: str) -> list[models.BaseConstraint]:
    """At most one row begins on a day, and one since ever (unique keys ignore empty days)."""
    return [
        models.UniqueConstraint(fields=[*fields, since], name=f"{name}_is_unique_from_a_day"),
        models.UniqueConstraint(
            fields=fields,
            condition=Q(**{f"{since}__isnull": True}),
            name=f"{name}_is_unique_since_ever",
            violation_error_message="There is one already that has held since ever.",
        ),
    ]


def refuse_overlap(subject: models.Model, rows: models.QuerySet[Any]) -> None:
    """Raises ValidationError when one of the dated rows holds on a day of the subject's."""
    first, end = subject.valid_from, subject.valid_until  # type: ignore[attr-defined]
    begins_before = Q(valid_from__isnull=True) | Q(valid_from__lt=end) if end else Q()
    ends_after = Q(valid_until__isnull=True) | Q(valid_until__gt=first) if first else Q()
    if rows.exclude(pk=subject.pk).filter(begins_before, ends_after).exists():
        raise ValidationError(
            "Another one holds on some of these days: end it first (valid until)."
        )
