"""Long answers are sent small to who can read that, and a poll still costs a 304."""

import gzip
import json

from tests.floor import Floor

GZIP = {"Accept-Encoding": "gzip"}
WINDOW = ("08:00", "15:00")


def test_figures_are_sent_small(day: Floor) -> None:
    response = day.ask("overview", *WINDOW, headers=GZIP)
    assert response.headers["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(response.content)) == day.figures("overview", *WINDOW)


def test_unchanged_figures_are_304_all_the_same(day: Floor) -> None:
    tag = day.ask("overview", *WINDOW, headers=GZIP).headers["ETag"]
    again = day.ask("overview", *WINDOW, headers=GZIP | {"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
