"""What only the write itself can judge."""

import pytest
from django.core.exceptions import ValidationError

from tests.workers.test_api_workers import see
from workers import registry
from workers.models import Site, Worker

pytestmark = pytest.mark.django_db


def test_a_twin_that_came_between_check_and_write_is_a_broken_rule(
    plant: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Worker, "full_clean", lambda self: None)
    with pytest.raises(ValidationError, match="came in between"):
        registry.save(Worker(site=plant, code="W1", name="Ada"))


def test_a_fact_that_came_between_check_and_deletion_keeps_the_worker(
    plant: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = plant.workers.get()
    see(worker)
    monkeypatch.setattr(registry, "blocker_of", lambda subject: "")
    with pytest.raises(registry.InUse):
        registry.delete(worker)


def test_a_half_write_is_taken_back(plant: Site) -> None:
    worker = plant.workers.get()
    worker.name = "Grace H."
    with pytest.raises(ValidationError):
        registry.save_worker(worker, shifts=["Night"])
    assert Worker.objects.get(pk=worker.pk).name == "Grace"
