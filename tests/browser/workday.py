"""A small factory at work on two days alike, seen four hours into the second one's shift."""

from tests.floor import NOW, Floor, after, count, event

SCRIPT = "<img src=x onerror=alert(1)>"
LONG = "Extraordinarily-long-name-without-any-space-" * 4

PAGES = {
    "overview": "",
    "floor": "floor/",
    "timeline": "timeline/",
    "hours": "hours/",
    "workers": "workers/",
    "worker": "workers/W1/",
    "workstations": "workstations/",
    "workstation": "workstations/S1/",
    "recognition": "recognition/",
    "sites": "compare/",
    "methods": "methods/",
}
MOVING = [name for name in PAGES if name not in ("methods", "recognition")]


def work(floor: Floor) -> Floor:
    """W1 works at S1, W2 is idle at S2, W3 left S3, S4 went dark, and S5 was never seen."""
    floor.add_shift("Late", "14:00", "22:00")
    floor.cameras["C2"].state_ttl_s = 600
    floor.cameras["C2"].save()
    for day in (-1, 0):
        moment = {hour: after(NOW, days=day, hours=hour) for hour in (-4, -3, -2, -1)}
        floor.put(
            event(moment[-4], "W1", "S1"),
            event(moment[-4], "W2", "S2"),
            event(moment[-2], "W2", "S2", "idle"),
            event(moment[-4], "W3", "S3"),
            event(moment[-1], "W3", "S3", "absent"),
            count(moment[-3], 30 + 4 * day, worker="W1", station="S1"),
            count(moment[-3], 1_200, worker="W2", station="S2"),
        )
        dark = event(moment[-4], "W4", "S4", camera_id="C2")
        floor.put(dark, Authorization=f"Bearer {floor.gateway}")
    return floor
