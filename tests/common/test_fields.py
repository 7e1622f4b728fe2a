"""An instant: whole milliseconds in the database, an aware moment in Python."""

from datetime import UTC, datetime

import pytest
from django import forms
from django.core.exceptions import ValidationError

from common.fields import InstantField

MOMENT = datetime(2026, 6, 16, 8, 0, 0, 250_000, UTC)
INSTANT = 1_781_596_800_250
field = InstantField(null=True)


@pytest.mark.parametrize(
    "given", [MOMENT, INSTANT, "2026-06-16T08:00:00.250Z", "2026-06-16T10:00:00.250+02:00"]
)
def test_all_ways_to_say_an_instant_are_the_same(given: object) -> None:
    assert field.to_python(given) == MOMENT
    assert field.get_prep_value(given) == INSTANT


def test_nothing_stays_nothing() -> None:
    assert (field.to_python(None), field.get_prep_value(None), field.from_db_value(None)) == (
        None,
        None,
        None,
    )


@pytest.mark.parametrize("given", ["2026-06-16T08:00:00", "soon", ""])
def test_text_without_an_offset_is_refused(given: str) -> None:
    with pytest.raises(ValidationError, match="an offset"):
        field.to_python(given)


def test_reader_gets_an_aware_moment() -> None:
    assert field.from_db_value(INSTANT) == MOMENT


def test_form_asks_for_a_date_and_a_time() -> None:
    assert isinstance(field.formfield(), forms.DateTimeField)


def test_limits_of_integers_do_not_apply() -> None:
    assert field.validators == []
