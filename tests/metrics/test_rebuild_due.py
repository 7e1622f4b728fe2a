"""What a changed setting leaves to be recalculated, the worker does."""

from django.core.management import call_command
from pytest_django import Settings

from common import clock
from tests.floor import Floor, event
from workers import registry
from workers.models import Site


def test_the_worker_recalculates_what_is_due(floor: Floor, settings: Settings) -> None:
    settings.RECALCULATIONS = []
    settings.WORKER_TASKS = [("metrics.rebuild.rebuild_due", 5)]
    floor.put(event("08:00"), event("08:10", kind="idle"))
    camera = floor.cameras["C1"]
    camera.state_ttl_s = 60
    registry.save_camera(camera, at=clock.now())
    assert floor.difference()
    call_command("run_worker", "--once")
    assert floor.difference() is None
    assert Site.objects.get().recalculation_due_at is None
