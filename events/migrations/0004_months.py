"""Events in parts by UTC month, on PostgreSQL: what is too old is dropped a month at a time."""

from django.db import migrations

from common import clock
from common.dialect import partitions
from common.instants import month_after, month_of, to_ms

AHEAD = 3  # months that have a part before anything happens in them; later ones are made in time


def divide(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        start, months = month_of(to_ms(clock.now())), []
        for _ in range(AHEAD):
            months.append(partitions.Month(start, month_after(start)))
            start = month_after(start)
        partitions.divide("events_event", "occurred_at", months)


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
