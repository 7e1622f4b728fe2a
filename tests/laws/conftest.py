"""Random logs meet one site, emptied before each example."""

import pytest

from tests.floor import Floor
from tests.laws.logs import TTLS


@pytest.fixture
def law_floor(floor: Floor) -> Floor:
    """Its cameras have a short, a middle and a long ttl."""
    floor.add_camera("C3", ttl=1)
    for code, ttl in TTLS.items():
        camera = floor.site.cameras.get(code=code)
        camera.state_ttl_s = ttl // 1000
        camera.save()
    return floor
