"""All that is in the database, to see that something changed nothing."""

from collections import Counter
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings

# Accounts and what the installation keeps for itself.
NOT_OF_A_SITE = {
    "authtoken.Token", "authtoken.TokenProxy", "contenttypes.ContentType",
    "drift.ReviewProgress", "workers.User",
}  # fmt: skip


def everything() -> dict[str, Counter[Any]]:
    """The rows of every table; tables without any are left out."""
    return {
        model._meta.label: rows
        for model in apps.get_models(include_auto_created=True)
        if model._meta.label not in NOT_OF_A_SITE
        and (rows := Counter(map(repr, model._base_manager.values_list())))
    }


def files() -> set[str]:
    roots = (Path(settings.MEDIA_ROOT), Path(settings.EXPORTS_ROOT))
    return {str(path) for root in roots for path in root.rglob("*") if path.is_file()}
