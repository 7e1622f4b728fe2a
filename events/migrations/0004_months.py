"""Events in parts by UTC month, on PostgreSQL: what is too old is dropped whole months at a time."""

from django.db import migrations

from common import clock
from common.dialect import partitions
from common.instants import DAY_MS, to_ms

BACK, AHEAD = 400 * DAY_MS, 62 * DAY_MS  # the usual retention, and two months for the worker


def divide(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        now = to_ms(clock.now())
        partitions.divide("events_event", "occurred_at", since=now - BACK, until=now + AHEAD)


def unite(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        partitions.unite("events_event")


class Migration(migrations.Migration):

    dependencies = [
        ('events', '0003_sequences'),
    ]

    operations = [
        migrations.RunPython(divide, unite),
    ]
