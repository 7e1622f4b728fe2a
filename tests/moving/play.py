"""One act of a process that is an installation of its own: `python -m tests.moving.play ACT …`.

Its answer is one JSON document on stdout.
"""

import json
import os
import sys
from io import StringIO
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.moving.settings_elsewhere")
django.setup()

import time_machine  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db.models import Sum  # noqa: E402
from rest_framework.test import APIClient  # noqa: E402

from common.instants import to_ms  # noqa: E402
from drift.models import ReviewFrame, ReviewItem  # noqa: E402
from drift.reviewing import queue  # noqa: E402
from tests.floor import DAY, NOW, Floor, after  # noqa: E402
from tests.moving import rich  # noqa: E402
from workers.models import Site, User, Worker  # noqa: E402


def first(archive: str) -> Any:
    """The site is made here, among others, so that ids lie among each other's."""
    Floor("N0")
    floor = rich.rich("F1")
    rich.rich("N1", seed=8)
    return {
        "gateway": floor.gateway,
        "people": rich.member_names(floor.site.pk),
        **_stay(archive, floor.gateway),
    }


def next(archive_in: str, archive_out: str, people: str, gateway: str) -> Any:  # noqa: A001
    """It comes to where its people have accounts, and another site is."""
    neighbour = Floor("X1")
    neighbour.put(*(rich.event(f"08:0{n}") for n in range(3)))
    for name in people.split(","):
        User.objects.get_or_create(username=name)
    said = _said("import_site", archive_in)
    return {"said": said, **_stay(archive_out, gateway)}


def _stay(archive: str, gateway: str) -> Any:
    """What is seen there, before and after more events came."""
    _said("export_site", "F1", archive)
    return {
        "waiting": _chosen_anew("F1"),
        "answers": ask("F1"),
        "verified": _said("verify", "--site", "F1"),
        "sent": send("F1", gateway),
        "answers_later": ask("F1"),
        "verified_later": _said("verify", "--site", "F1"),
    }


def _chosen_anew(code: str) -> list[int]:
    """About how many events more people are asked, and how many more could have been chosen."""
    items = ReviewItem.objects.filter(site__code=code)
    frames = ReviewFrame.objects.filter(site__code=code)
    before = items.count(), frames.aggregate(sum=Sum("events"))["sum"]
    queue.tend_queue(to_ms(NOW))
    return [items.count() - before[0], frames.aggregate(sum=Sum("events"))["sum"] - before[1]]


def _said(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def ask(code: str) -> Any:
    """What the API says to a reviewer who is an admin."""
    floor = _floor(code)
    window = {"start": after(DAY, days=-2), "end": after(DAY, days=2)}
    paths: dict[str, dict[str, str]] = {
        **{f"metrics/{name}": window for name in ("overview", "workers", "workstations")},
        "metrics/timeline": window,
        "metrics/series": window | {"bucket": "1h"},
        **{
            name: {}
            for name in (
                "workers", "workstations", "cameras", "shifts", "closures", "events",
                "refused-events", "alerts", "review-items", "memberships", "ingest-keys",
            )
        },
        "precision": window,
        "completeness": window,
    }  # fmt: skip
    found = {}
    for path, query in paths.items():
        response = floor.client.get(
            f"/api/v1/{path}/",
            {"site": code, **query},
            headers={"Authorization": f"Token {floor._token_of('rosa')}"},
        )
        assert response.status_code == 200, (path, response.content)
        found[path] = _without_ids(response.json())
    found["history"] = {
        worker.code: list(worker.history.order_by("history_id").values_list("name", flat=True))
        for worker in Worker.objects.filter(site=floor.site)
    }
    of_keys = found["ingest-keys"]["results"]
    found["ingest-keys"] = [key for key in of_keys if not key["prefix"].startswith("demo")]
    return found


def send(code: str, key: str) -> Any:
    """The events that come after the move, by the key that the gateway has had all along."""
    return _floor(code).post(*rich.the_late_ones(), key=key)


def _floor(code: str) -> Floor:
    floor = Floor.__new__(Floor)
    floor.site = Site.objects.get(code=code)
    floor._tokens = {}
    floor.client = APIClient()
    return floor


def _without_ids(document: Any) -> Any:
    """Ids, and what carries them, differ from place to place."""
    if isinstance(document, list):
        return [_without_ids(each) for each in document]
    if isinstance(document, dict):
        return {
            name: _without_ids(value)
            for name, value in document.items()
            if name not in {"id", "next", "previous", "event", "event_id"}
        }
    return document


if __name__ == "__main__":
    with time_machine.travel(NOW, tick=False):
        call_command("migrate", verbosity=0)
        act, *words = sys.argv[1:]
        sys.stdout.write(json.dumps(globals()[act](*words)))
