"""A model field for instants of facts and sums.

An integer of milliseconds in the database, an aware datetime in Python.
"""

from datetime import datetime
from typing import Any

from django import forms
from django.core import checks, exceptions
from django.db import models
from django.utils import dateparse

from common.instants import to_datetime, to_ms


class InstantField(models.BigIntegerField):  # type: ignore[type-arg]
    """Exact to the millisecond, alike on every database, and plain to compute with in SQL."""

    description = "Instant (milliseconds since 1970 UTC)"
    # What the types of Django are told; nothing at run time.
    _pyi_private_get_type: datetime  # type: ignore[assignment]

    def from_db_value(self, value: int | None, *_args: object) -> datetime | None:
        """What a reader gets."""
        return None if value is None else to_datetime(value)

    def to_python(self, value: Any) -> datetime | None:
        """Accepts an aware datetime, milliseconds, or an ISO 8601 text with an offset."""
        if value is None or isinstance(value, datetime):
            return value
        if isinstance(value, int):
            return to_datetime(value)
        moment = dateparse.parse_datetime(str(value))
        if moment is None or moment.tzinfo is None:
            raise exceptions.ValidationError("An instant needs a date, a time and an offset.")
        return moment

    def get_prep_value(self, value: Any) -> int | None:
        """What the database gets."""
        if value is None or isinstance(value, int):
            return value
        moment = self.to_python(value)
        return None if moment is None else to_ms(moment)

    def value_to_string(self, obj: models.Model) -> str:
        """The text that fixtures carry."""
        value = self.value_from_object(obj)
        return "" if value is None else value.isoformat()

    def formfield(self, **kwargs: Any) -> forms.Field:
        """A date and time in forms."""
        given = {"form_class": forms.DateTimeField, **kwargs}
        return models.Field.formfield(self, **given)  # type: ignore[return-value]

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        """No range checks of integers: they do not fit a datetime."""
        return models.Field.check(self, **kwargs)

    @property
    def validators(self) -> list[Any]:
        """None: integer limits do not fit a datetime."""
        return []
