"""Takes workers' names away for good: from then on they are called by their codes."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import F

from workers import registry
from workers.models import Worker
from workers.models.history import by_way_of
from workers.revisions import raised_once


@transaction.atomic
def pseudonymise(workers: Collection[Worker]) -> None:
    """Nothing here knows the names any more: neither pages nor the history of changes."""
    with raised_once(), by_way_of("name taken away"):
        for each in workers:
            each.name = each.code
            registry.save(each)
    versions = Worker.history.filter(id__in=[each.pk for each in workers])
    versions.update(name=F("code"))
