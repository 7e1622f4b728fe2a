"""Fields as master data is written on the wire."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any

import msgspec
from django.db.models import Model
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from common.instants import to_ms, to_rfc3339
from workers.models import Site, User

MAX_ITEMS = 1_000  # of a list inside an object
_FIRST_YEAR, _LAST_YEAR = 1970, 2200


class SiteCode(serializers.CharField):
    """A site by its code; `of` names the owner through which an object has its site."""

    def __init__(self, *, of: str = "", **kwargs: Any) -> None:
        super().__init__(max_length=64, **kwargs)
        self.of = of

    def get_attribute(self, instance: Any) -> Any:
        """The site of the object, or of the one that it belongs to."""
        owner = getattr(instance, self.of) if self.of else instance
        return owner.site

    def to_representation(self, value: Site) -> str:  # type: ignore[override]
        """Its code."""
        return value.code


class CodeOf(serializers.CharField):
    """An object of the same site by its code."""

    def __init__(self, model: type[Model], **kwargs: Any) -> None:
        super().__init__(max_length=64, **kwargs)
        self.model = model

    def to_representation(self, value: Any) -> str:
        """Its code."""
        return str(value.code)

    def find(self, code: str, site: Site) -> Model:
        """The object of that code. Raises ValidationError."""
        found = self.model._default_manager.filter(site=site, code=code).first()
        if found is None:
            raise serializers.ValidationError(
                f"The site has no {self.model._meta.verbose_name} {code!r}."
            )
        return found


class Username(serializers.CharField):
    """A user by their log-in name."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=150, **kwargs)

    def to_representation(self, value: User) -> str:  # type: ignore[override]
        """The log-in name."""
        return value.username

    def find(self, name: str, _site: Site) -> User:
        """The user of that name. Raises ValidationError."""
        found = User.objects.filter(username=name).first()
        if found is None:
            raise serializers.ValidationError(f"There is no user {name!r}.")
        return found


@extend_schema_field({"type": "string", "format": "date-time"})
class Moment(serializers.Field[datetime, Any, str, Any]):
    """An RFC 3339 instant; its offset is required on the way in and `Z` on the way out."""

    def to_internal_value(self, data: Any) -> datetime:
        """The aware moment, in UTC."""
        try:
            moment: datetime = msgspec.convert(data, Annotated[datetime, msgspec.Meta(tz=True)])
        except msgspec.ValidationError as error:
            raise serializers.ValidationError(
                "Give an RFC 3339 time with an offset, such as 2026-01-15T10:15:00Z."
            ) from error
        if not _FIRST_YEAR < moment.year < _LAST_YEAR:
            raise serializers.ValidationError(
                f"Give a year between {_FIRST_YEAR} and {_LAST_YEAR}."
            )
        return moment.astimezone(UTC)

    def to_representation(self, value: datetime) -> str:
        """In UTC."""
        return to_rfc3339(to_ms(value))


@extend_schema_field({"type": "string", "pattern": r"^\d\d:\d\d$", "examples": ["22:00"]})
class ClockTime(serializers.TimeField):
    """A local time, as "22:00"."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%H:%M", input_formats=["%H:%M"], **kwargs)


@extend_schema_field(
    {
        "type": "array",
        "items": {"type": "integer", "minimum": 1, "maximum": 7},
        "minItems": 1,
        "uniqueItems": True,
    }
)
class Weekdays(serializers.ListField):
    """A list of weekdays, Monday is 1; digits inside."""

    def __init__(self, **kwargs: Any) -> None:
        day = serializers.IntegerField(min_value=1, max_value=7)
        super().__init__(child=day, allow_empty=False, max_length=MAX_ITEMS, **kwargs)

    def to_internal_value(self, data: Any) -> str:  # type: ignore[override]
        """The digits, each once, in order."""
        return "".join(str(day) for day in sorted(set(super().to_internal_value(data))))

    def to_representation(self, value: str) -> list[int]:  # type: ignore[override]
        """The weekdays in order."""
        return [int(day) for day in value]


class NamesOf(serializers.ListField):
    """Names or codes of the rows that the queryset has fetched into the attribute `rows`."""

    def __init__(self, rows: str, name: str, **kwargs: Any) -> None:
        super().__init__(child=serializers.CharField(max_length=64), max_length=MAX_ITEMS, **kwargs)
        self.rows, self.name = rows, name

    def get_attribute(self, instance: Any) -> list[str]:
        """Each once, in the order of the rows."""
        return list(dict.fromkeys(getattr(row, self.name) for row in getattr(instance, self.rows)))


class Number(serializers.DecimalField):
    """A decimal that is a number on the wire, not a text."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(coerce_to_string=False, **kwargs)

    def to_representation(self, value: Decimal) -> float:  # type: ignore[override]
        """A JSON number."""
        return float(value)
