"""The schema that direct producers get is that of the code."""

from io import StringIO
from pathlib import Path

from django.core.management import call_command

from events.stream.schema import message_schema

FILE = Path(__file__).parents[2] / "docs" / "kafka" / "event.schema.json"


def test_file_in_docs_is_what_the_command_prints() -> None:
    """Else: manage.py event_schema > docs/kafka/event.schema.json."""
    out = StringIO()
    call_command("event_schema", stdout=out)
    assert FILE.read_text() == out.getvalue()


def test_every_type_of_event_needs_a_camera() -> None:
    assert all("camera_id" in kind["required"] for kind in message_schema()["$defs"].values())
