"""What tests of moving share: a small site in an archive."""

from pathlib import Path

import pytest
from django.core.management import call_command
from time_machine import TimeMachineFixture

from tests.floor import Floor, event


@pytest.fixture
def floor(transactional_db: None, still_clock: TimeMachineFixture) -> Floor:
    """With real commits: an export is a transaction of its own."""
    floor = Floor()
    floor.put(*(event(f"08:{n:02}", f"W{n % 3 + 1}") for n in range(30)))
    floor.post(event("08:00", "nobody"))
    return floor


@pytest.fixture
def archive(floor: Floor, tmp_path: Path) -> Path:
    path = tmp_path / "F1.zip"
    call_command("export_site", "F1", str(path), verbosity=0)
    return path
