"""An archive shows one instant, and nobody waits while it is written."""

import json
from pathlib import Path
from threading import Thread
from zipfile import ZipFile

from django.db import connection

from common import clock
from common.instants import to_ms
from tests.floor import Floor, event
from tests.moving.archives import rows_in
from workers.moving.exporting import export_site


def test_what_comes_meanwhile_is_stored_and_is_not_in_the_archive(
    floor: Floor, tmp_path: Path
) -> None:
    stored, answers = floor.events(), []

    def send() -> None:
        answers.append(floor.post(*(event(f"09:0{n}") for n in range(5))))
        connection.close()

    def tell(line: str) -> None:
        if not answers:  # a camera posts once the first kind is written
            thread = Thread(target=send)
            thread.start()
            thread.join()

    export_site(floor.site, tmp_path / "F1.zip", now_ms=to_ms(clock.now()), tell=tell)
    rows = rows_in(tmp_path / "F1.zip")
    assert answers[0]["accepted"] == 5
    assert floor.events() == stored + 5
    assert len(rows["events.Event"]) == stored
    assert sum(row["working_events"] for row in rows["metrics.Bucket"] if row["grain"] == 60) == 30


def test_the_manifest_counts_what_is_in_the_archive(archive: Path) -> None:
    with ZipFile(archive) as opened:
        manifest = json.loads(opened.read("manifest.json"))
        for entry in manifest["kinds"]:
            assert len(opened.read(entry["file"]).splitlines()) == entry["rows"]
        assert manifest["code"] == "F1"
        assert "workers.0001_initial" in manifest["migrations"]


def test_demo_keys_stay_and_are_told(floor: Floor, tmp_path: Path) -> None:
    floor.site.ingest_keys.update(is_demo=True)
    path = tmp_path / "F1.zip"
    done = export_site(floor.site, path, now_ms=0, tell=lambda _: None)
    assert done.stayed["workers.IngestKey"] == 2
    assert rows_in(path)["workers.IngestKey"] == []


def test_no_secret_of_a_person_is_in_the_archive(floor: Floor, archive: Path) -> None:
    with ZipFile(archive) as opened:
        users = [json.loads(line) for line in opened.read("users.ndjson").splitlines()]
        assert users == [[floor.manager.pk, "ada"]]
