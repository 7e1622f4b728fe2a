"""The demo cameras' ingest keys. Public, and so refused unless the server has DEMO=1."""

from datetime import datetime

from workers.domain.keys import NewKey, key_from
from workers.models import Camera, IngestKey


def demo_key(camera_code: str) -> NewKey:
    """The key of a demo camera: `fk_demoCAM7_public` for CAM-7."""
    return key_from(f"demo{camera_code.replace('-', '')}", "public")


def create_key(camera: Camera, *, at: datetime) -> None:
    """Lets the demo camera send events. Safe to repeat."""
    key = demo_key(camera.code)
    IngestKey.objects.get_or_create(
        prefix=key.prefix,
        is_demo=True,
        defaults={"site": camera.site, "camera": camera, "secret_hash": key.secret_hash},
    )
    # When it was really made would make recorded demo data differ each time.
    IngestKey.objects.filter(prefix=key.prefix).update(created_at=at)
