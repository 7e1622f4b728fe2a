"""An archive that can't be imported is refused with a clear line, and leaves nothing behind."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.management import CommandError, call_command

from tests.floor import Floor, event
from tests.moving.stored import everything, files
from workers.models import Site
from workers.moving.exporting import export_site
from workers.moving.importing import import_site

Manifest = dict[str, Any]


def refusal(path: Path, *words: str) -> str:
    """Why; and nothing may have changed."""
    before = everything(), files()
    with pytest.raises(CommandError) as caught:
        call_command("import_site", str(path), *words)
    assert (everything(), files()) == before
    return str(caught.value)


def altered(
    path: Path,
    *,
    manifest: Callable[[Manifest], object] = lambda _: None,
    member: str = "",
    change: Callable[[list[Any]], object] = lambda _: None,
) -> Path:
    """The archive anew, with another manifest, or other rows and their hashes."""
    other = path.with_name("other.zip")
    with ZipFile(path) as old, ZipFile(other, "w") as new:
        said = json.loads(old.read("manifest.json"))
        entries = {e["file"]: e for e in (*said["kinds"], said["users"], said["files"])}
        for name in old.namelist():
            content = old.read(name)
            if name == member:
                lines = [json.loads(line) for line in content.splitlines()]
                change(lines)
                content = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
                entries[name]["sha256"] = hashlib.sha256(content).hexdigest()
                entries[name]["rows"] = len(lines)
            if name != "manifest.json":
                new.writestr(name, content)
        manifest(said)
        new.writestr("manifest.json", json.dumps(said))
    return other


def test_a_code_that_exists(archive: Path) -> None:
    assert refusal(archive) == "There is a site 'F1' here: choose another code with --code."


def test_a_code_that_is_none(archive: Path) -> None:
    assert "A code has 1 to 64 characters" in refusal(archive, "--code", " F2")


def test_another_format(archive: Path) -> None:
    other = altered(archive, manifest=lambda said: said.update(version=2))
    assert refusal(other, "--code", "F2") == "The archive is not of the format factory-site 1."


def test_a_newer_schema(archive: Path) -> None:
    other = altered(archive, manifest=lambda said: said["migrations"].append("workers.9999_new"))
    assert "is of a newer version of this program (workers.9999_new)" in refusal(
        other, "--code", "F2"
    )


def test_columns_that_are_unknown(archive: Path) -> None:
    other = altered(archive, manifest=lambda said: said["kinds"][3]["columns"].append("halo"))
    assert "rows that are unknown here" in refusal(other, "--code", "F2")


def test_rows_that_were_changed(archive: Path) -> None:
    def forge(said: Manifest) -> None:
        next(e for e in said["kinds"] if e["kind"] == "events.Event")["sha256"] = "0" * 64

    assert "rows/events.Event.ndjson is not what" in refusal(
        altered(archive, manifest=forge), "--code", "F2"
    )


@pytest.mark.parametrize("name", ["rows/events.Event.ndjson", "users.ndjson", "manifest.json"])
def test_a_damaged_byte(archive: Path, name: str) -> None:
    with ZipFile(archive) as opened:
        info = opened.getinfo(name)
    content = bytearray(archive.read_bytes())
    head = info.header_offset
    lengths = content[head + 26 : head + 28], content[head + 28 : head + 30]  # of name and extras
    first = head + 30 + sum(int.from_bytes(each, "little") for each in lengths)
    content[first + info.compress_size // 2] ^= 0xFF
    archive.write_bytes(content)
    assert "damaged" in refusal(archive, "--code", "F2")


@pytest.mark.parametrize("content", [b"", b"PK", b"{}" * 1000])
def test_what_is_no_archive(floor: Floor, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "no.zip"
    path.write_bytes(content)
    assert "is no archive of a site, or is damaged" in refusal(path)


def test_what_is_not_there(floor: Floor, tmp_path: Path) -> None:
    assert "cannot be imported" in refusal(tmp_path / "nowhere.zip")


def test_an_archive_that_was_cut(archive: Path) -> None:
    archive.write_bytes(archive.read_bytes()[:-100])
    assert "is damaged" in refusal(archive, "--code", "F2")


def test_rows_that_contradict_the_database_rules_leave_nothing_behind(archive: Path) -> None:
    def spoil(lines: list[Any]) -> None:
        lines[-1][-4] = -5  # a count below zero

    other = altered(archive, member="rows/events.Event.ndjson", change=spoil)
    assert "contradicts itself" in refusal(other, "--code", "F2")


def test_files_may_not_lead_out_of_their_folder(archive: Path) -> None:
    picture = {
        "file": "snapshots/../../evil.jpg",
        "size": 1,
        "sha256": hashlib.sha256().hexdigest(),
    }
    other = altered(archive, member="files.ndjson", change=lambda lines: lines.append(picture))
    with ZipFile(other, "a") as added:
        added.writestr("snapshots/../../evil.jpg", b"")
    assert "is no file of a site" in refusal(other, "--code", "F2")


def test_an_import_that_was_cut_off_is_finished_by_a_removal(archive: Path, floor: Floor) -> None:
    before = everything()
    call_command("import_site", str(archive), "--code", "F2", verbosity=0)
    Site.objects.filter(code="F2").update(state=Site.State.ARRIVING)
    assert "manage.py remove_site F2" in refusal(archive, "--code", "F2")
    call_command("remove_site", "F2", "--yes", verbosity=0)
    assert everything() == before


def test_who_stops_an_import_finds_nothing_of_it(archive: Path) -> None:
    before = everything()

    def stop(line: str) -> None:
        if line.startswith("events.Event"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_site(archive, code="F2", tell=stop)
    assert everything() == before


def test_a_file_that_is_there_is_not_overwritten(archive: Path, floor: Floor) -> None:
    content = archive.read_bytes()
    with pytest.raises(CommandError, match="is there already"):
        call_command("export_site", "F1", str(archive))
    assert archive.read_bytes() == content


def test_an_export_that_fails_leaves_no_file(floor: Floor, tmp_path: Path) -> None:
    def stop(_: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export_site(floor.site, tmp_path / "F1.zip", now_ms=0, tell=stop)
    assert not list(tmp_path.iterdir())


def test_the_archive_can_be_read_by_its_owner_alone(archive: Path) -> None:
    assert archive.stat().st_mode & 0o077 == 0


def test_beside_its_original_a_copy_has_no_keys(archive: Path, floor: Floor) -> None:
    call_command("import_site", str(archive), "--code", "F2", verbosity=0)
    copy = Site.objects.get(code="F2")
    assert not copy.ingest_keys.exists()
    assert floor.send([event("09:00")]).status_code == 200
    assert copy.workers.count() == floor.site.workers.count()
