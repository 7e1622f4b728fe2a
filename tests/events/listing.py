"""The admin's list of events as somebody sees it, and a day of events to be found there."""

from django.test import Client

from events.models import Event
from tests.floor import Floor, count, event

LIST = "/admin/events/event/"
BACKEND = "workers.authentication.MembershipBackend"


def browser(floor: Floor, role: str = "reviewer") -> Client:
    client = Client()
    client.force_login(floor.add_member(role, role), BACKEND)
    return client


def shown(client: Client, query: str = "") -> list[int]:
    answer = client.get(f"{LIST}{query}")
    assert answer.status_code == 200, answer
    return [row.pk for row in answer.context["cl"].result_list]


def reviewed_day(floor: Floor) -> dict[str, Event]:
    """Events by name, some of them reviewed; `low` ones are under the threshold."""
    sent = {
        "sure": event("08:00"),
        "low": event("08:01", kind="idle", confidence=0.5),
        "low confirmed": event("08:02", "W2", "S2", "idle", confidence=0.5),
        "low unclear": event("08:03", "W2", "S2", "absent", confidence=0.4),
        "rejected": event("08:04", kind="absent"),
        "relabelled": count("08:05", 7, camera_id="C2"),
        "unknown": event("08:06", confidence=None),
    }
    floor.put(*({"camera_id": "C1"} | each for each in sent.values()), key=floor.gateway)
    rows = dict(zip(sent, Event.objects.order_by("occurred_at"), strict=True))
    floor.say(rows["low confirmed"], "confirmed")
    floor.say(rows["low unclear"], "unclear")
    floor.say(rows["rejected"], "rejected", reason="Nobody there")
    floor.say(rows["relabelled"], "relabelled", worker_id="W3", count=5)
    return rows
