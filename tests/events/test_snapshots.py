"""Pictures on their way in and out: what is kept of them, who may send and see them, how long."""

import errno
import re
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pytest_django import Settings
from rest_framework.response import Response
from rest_framework.test import APIClient
from time_machine import TimeMachineFixture

from common import clock
from common.instants import DAY_MS, to_ms
from events import snapshots
from events.models import Event, Snapshot
from tests.events import pictures
from tests.events.pictures import SECRET, jpeg, noise, picture, saved
from tests.floor import Floor, after, event
from workers.models import Role, Site


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def send(
    floor: Floor, content: bytes, *, key: str | None = None, name: str = "image", **fields: str
) -> Response:
    form = {name: SimpleUploadedFile("a.jpg", content), **fields}
    authorization = {"Authorization": f"Bearer {floor.key if key is None else key}"}
    return APIClient().post("/api/v1/snapshots/", form, format="multipart", headers=authorization)


def kept(floor: Floor, content: bytes, **more: str) -> Snapshot:
    """A picture that must be taken."""
    answer = send(floor, content, **more)
    assert answer.status_code == 201, answer.content
    return Snapshot.objects.get(public_id=answer.json()["id"])


def bytes_of(snapshot: Snapshot) -> bytes:
    with snapshots.open(snapshot) as file:
        return file.read()


def refusal(answer: Response) -> tuple[int, str]:
    assert not Snapshot.objects.exists()
    return answer.status_code, answer.json()["code"]


# --- what is kept --------------------------------------------------------------------------------


def is_as_drawn(image: Image.Image) -> bool:
    """Red on its left, blue on its right."""
    left, right = image.getpixel((8, 20)), image.getpixel((56, 20))
    return max(left[2], right[0]) < 40 and min(left[0], right[2]) > 180


SOUND = {
    "jpeg": jpeg(),
    "progressive": jpeg(progressive=True),
    "png": saved(picture(), "PNG"),
    "webp": saved(picture(), "WEBP"),
    "lossless webp": saved(picture(), "WEBP", lossless=True),
    "palette": saved(picture(mode="P"), "PNG"),
    "cmyk": saved(picture(mode="CMYK"), "JPEG"),
    "alpha": saved(picture(mode="RGBA"), "PNG"),
    "animated png": pictures.animated("PNG"),
    "animated webp": pictures.animated("WEBP"),
}


@pytest.mark.parametrize("content", SOUND.values(), ids=SOUND)
def test_picture_is_kept_as_jpeg(floor: Floor, content: bytes) -> None:
    image = Image.open(BytesIO(bytes_of(kept(floor, content))))
    assert (image.format, image.size, is_as_drawn(image)) == ("JPEG", (64, 48), True)


@pytest.mark.parametrize("mode", ["L", "LA", "1", "I;16"])
def test_grey_stays_grey(floor: Floor, mode: str) -> None:
    if mode == "I;16":
        grey = Image.new("I;16", (64, 48), 128 * 256)
    else:
        grey = Image.new("L", (64, 48), 255 if mode == "1" else 128).convert(mode)
    image = Image.open(BytesIO(bytes_of(kept(floor, saved(grey, "PNG")))))
    assert image.getpixel((20, 20)) == ((255,) * 3 if mode == "1" else (128,) * 3)


def test_what_shines_through_is_white(floor: Floor) -> None:
    clear = saved(Image.new("RGBA", (64, 48), (0, 0, 0, 0)), "PNG")
    image = Image.open(BytesIO(bytes_of(kept(floor, clear))))
    assert image.getpixel((20, 20)) == (255, 255, 255)


TALKATIVE = {
    "jpeg": pictures.told_by(1),
    "png": pictures.talkative_png(),
    "webp": pictures.talkative_webp(),
}


@pytest.mark.parametrize("content", TALKATIVE.values(), ids=TALKATIVE)
def test_metadata_is_left_behind(floor: Floor, content: bytes) -> None:
    assert SECRET in content
    stored = bytes_of(kept(floor, content))
    assert SECRET not in stored
    assert set(Image.open(BytesIO(stored)).info) <= {
        "jfif", "jfif_version", "jfif_unit", "jfif_density",
    }  # fmt: skip


def test_picture_is_turned_upright(floor: Floor) -> None:
    snapshot = kept(floor, pictures.told_by(6))  # its left side is up
    image = Image.open(BytesIO(bytes_of(snapshot)))
    assert (snapshot.width, snapshot.height) == image.size == (48, 64)
    assert image.getpixel((20, 8))[0] > 180


def test_row_says_what_lies_on_the_disk(floor: Floor, folder: Path) -> None:
    snapshot = kept(floor, jpeg())
    (file,) = (path for path in folder.rglob("*") if path.is_file())
    assert file.read_bytes() == bytes_of(snapshot)
    assert (snapshot.size, snapshot.site, snapshot.camera) == (
        file.stat().st_size,
        floor.site,
        floor.cameras["C1"],
    )


def test_file_is_for_the_server_alone(floor: Floor, folder: Path) -> None:
    kept(floor, jpeg())
    assert [file.stat().st_mode & 0o777 for file in files(folder)] == [0o600]


def test_ids_cannot_be_guessed(floor: Floor) -> None:
    one, two = (kept(floor, jpeg(quality=quality)).public_id for quality in (50, 60))
    assert re.fullmatch(r"[\w-]{22}", one)
    assert one[:4] != two[:4]


def test_large_picture_is_kept_within_the_limit(floor: Floor) -> None:
    snapshot = kept(floor, saved(picture(1_920, 1_080), "PNG"))
    assert (snapshot.width, snapshot.height) == (1_920, 1_080)


def test_picture_that_would_grow_is_kept_as_good_as_fits(floor: Floor) -> None:
    upload = noise(1_300, "JPEG", quality=65)
    assert len(upload) < 1_000_000 < len(noise(1_300, "JPEG", quality=90))
    assert kept(floor, upload).size <= 1_000_000


# --- kept once -----------------------------------------------------------------------------------


def test_same_picture_of_the_same_moment_is_kept_once(floor: Floor) -> None:
    moment = after(clock.now())
    one, two = (kept(floor, jpeg(), taken_at=moment) for _ in range(2))
    assert (one, Snapshot.objects.count()) == (two, 1)


def test_same_picture_of_another_moment_is_another(
    floor: Floor, still_clock: TimeMachineFixture
) -> None:
    one = kept(floor, jpeg())
    still_clock.shift(1)
    assert kept(floor, jpeg()) != one


# --- what is refused -----------------------------------------------------------------------------

TOO_LARGE = {
    "bytes": noise(600),
    "wide": saved(picture(1_921, 10), "PNG"),
    "high": saved(picture(10, 1_921), "WEBP"),
    "png of two gigapixels": pictures.png_head(50_000, 50_000),
    "png just over Pillow's warning": pictures.png_head(10_000, 10_000),
    "jpeg of four gigapixels": pictures.jpeg_head(65_500, 65_500),
    "webp with a large canvas": pictures.webp_canvas(16_384, 16_384),
    "webp by its own head": saved(picture(16_000, 10), "WEBP"),
    "lossless webp": saved(picture(16_000, 10), "WEBP", lossless=True),
}


@pytest.mark.parametrize("content", TOO_LARGE.values(), ids=TOO_LARGE)
def test_what_is_too_large_is_refused(floor: Floor, content: bytes) -> None:
    assert refusal(send(floor, content)) == (413, "too_large")


OTHERS = {
    "gif": saved(picture(), "GIF"),
    "bmp": saved(picture(), "BMP"),
    "tiff": saved(picture(), "TIFF"),
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "pdf": saved(picture(), "PDF"),
    "sound": b"RIFF\x24\0\0\0WAVEfmt " + b"\0" * 40,
    "text": b"hello",
    "nothing": b"",
    "zip": b"PK\3\4" + b"\0" * 100,
}


@pytest.mark.parametrize("content", OTHERS.values(), ids=OTHERS)
def test_other_files_are_refused(floor: Floor, content: bytes) -> None:
    assert refusal(send(floor, content)) == (415, "unsupported_media_type")


BROKEN = {
    **{
        f"{kind} cut at {share} %": content[: len(content) * share // 100]
        for kind, content in SOUND.items()
        for share in (40, 60)
        if kind not in ("lossless webp", "animated png", "animated webp")
    },
    "jpeg head alone": b"\xff\xd8\xff\xe0",
    "png head alone": b"\x89PNG\r\n\x1a\n",
    "webp head alone": b"RIFF\x10\0\0\0WEBP",
    "png of no width": pictures.png_head(0, 10),
    "png with few pixels": pictures.png_head(1_000, 1_000),
    "png with a text bomb": pictures.text_bomb(),
    "jpeg with a thousand scans": pictures.scan_bomb(),
    "jpeg of noise": b"\xff\xd8\xff\xe0" + b"\xa5\x5a" * 5_000,
    "webp of noise": b"RIFF\x10\x27\0\0WEBPVP8 " + b"\x01\0" * 5_000,
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_broken_pictures_are_refused(floor: Floor, content: bytes) -> None:
    assert refusal(send(floor, content)) == (422, "invalid")


def test_no_broken_byte_is_a_fault(floor: Floor) -> None:
    """Whatever one byte becomes, the answer is a picture or a reason."""
    for content in (SOUND["jpeg"], SOUND["png"], SOUND["lossless webp"]):
        for place in range(0, len(content), 7):
            broken = bytearray(content)
            broken[place] ^= 0xFF
            assert send(floor, bytes(broken)).status_code in (201, 413, 415, 422)


def post(floor: Floor, body: bytes, content_type: str) -> Response:
    headers = {"Authorization": f"Bearer {floor.key}"}
    return APIClient().generic(
        "POST", "/api/v1/snapshots/", body, content_type=content_type, headers=headers
    )


@pytest.mark.parametrize("kind", ["image/jpeg", "application/json", "text/plain", ""])
def test_what_is_no_form_is_refused(floor: Floor, kind: str) -> None:
    assert refusal(post(floor, jpeg(), kind)) == (415, "unsupported_media_type")


FORMS = [
    (b"", "multipart/form-data"),
    (b"", "multipart/form-data; boundary=" + "x" * 300),
    (b"garbage", "multipart/form-data; boundary=b"),
    (b'--b\r\nContent-Disposition: form-data; name="image"\r\n\r\nx\r\n--b--\r\n',
     "multipart/form-data; boundary=b"),
    (b"".join((b'--b\r\nContent-Disposition: form-data; name="image"; filename="a"\r\n',
               b"Content-Transfer-Encoding: base64\r\n\r\n!\r\n--b--\r\n")),
     "multipart/form-data; boundary=b"),
    (b"".join(b'--b\r\nContent-Disposition: form-data; name="image"; filename="a"\r\n\r\nx\r\n'
              for _ in range(101)) + b"--b--\r\n", "multipart/form-data; boundary=b"),
]  # fmt: skip


@pytest.mark.parametrize("body, kind", FORMS)
def test_form_that_cannot_be_read_is_refused(floor: Floor, body: bytes, kind: str) -> None:
    assert refusal(post(floor, body, kind)) == (400, "malformed")


def test_form_without_a_picture_is_refused(floor: Floor) -> None:
    assert refusal(send(floor, jpeg(), name="photo")) == (400, "malformed")


def test_body_beyond_the_limit_is_not_read(floor: Floor) -> None:
    assert refusal(send(floor, jpeg() + b"\0" * 2_000_000)) == (413, "too_large")


def test_nothing_is_kept_when_the_disk_is_full(
    floor: Floor, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_file: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(snapshots.os, "fsync", full)
    answer = send(floor, jpeg())
    assert refusal(answer) == (507, "disk_full")
    assert answer.headers["Retry-After"]
    assert not [path for path in folder.rglob("*") if path.is_file()]


# --- whose, and when -----------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["", "fk_nonsense"])
def test_key_is_asked_for(floor: Floor, key: str) -> None:
    assert send(floor, jpeg(), key=key).status_code == 401


def test_person_sends_no_pictures(floor: Floor) -> None:
    client = APIClient()
    backend = "workers.authentication.MembershipBackend"
    client.force_login(floor.add_member("otto", Role.ADMIN), backend)
    form = {"image": SimpleUploadedFile("a.jpg", jpeg())}
    assert client.post("/api/v1/snapshots/", form, format="multipart").status_code == 401


@pytest.mark.parametrize("code", ["", "C1"])
def test_cameras_key_sends_for_its_camera(floor: Floor, code: str) -> None:
    assert kept(floor, jpeg(), camera_id=code).camera == floor.cameras["C1"]


def test_cameras_key_sends_for_no_other(floor: Floor) -> None:
    assert refusal(send(floor, jpeg(), camera_id="C2")) == (403, "camera_not_allowed")


def test_gateway_says_whose_it_is(floor: Floor) -> None:
    assert kept(floor, jpeg(), key=floor.gateway, camera_id="C2").camera == floor.cameras["C2"]


@pytest.mark.parametrize("fields, code", [({}, "invalid"), ({"camera_id": "C9"}, "unknown_camera")])
def test_gateway_names_a_camera_of_its_site(floor: Floor, fields: Any, code: str) -> None:
    Floor("F2").add_camera("C9", ttl=60)
    assert refusal(send(floor, jpeg(), key=floor.gateway, **fields)) == (422, code)


def test_camera_taken_down_is_unknown(floor: Floor) -> None:
    floor.retire(floor.cameras["C1"], date(2026, 6, 1))
    assert refusal(send(floor, jpeg())) == (422, "unknown_camera")


def test_moment_is_the_cameras(floor: Floor) -> None:
    snapshot = kept(floor, jpeg(), taken_at="2026-06-17T17:59:58.250Z")
    assert f"{snapshot.taken_at:%H:%M:%S.%f}" == "17:59:58.250000"
    assert snapshot.received_at == clock.now()


def test_moment_is_now_where_the_camera_says_none(floor: Floor) -> None:
    assert kept(floor, jpeg()).taken_at == clock.now()


@pytest.mark.parametrize(
    "text, code",
    [
        ("yesterday", "invalid"),
        ("2026-06-17T18:00:00", "invalid"),
        ("2026-06-17T18:11:00Z", "future"),
    ],
)
def test_moment_must_be_one(floor: Floor, text: str, code: str) -> None:
    assert refusal(send(floor, jpeg(), taken_at=text)) == (422, code)


# --- looked at -----------------------------------------------------------------------------------


def look(floor: Floor, public_id: str, *, by: str, **headers: str) -> Any:
    client = APIClient()
    client.force_authenticate(floor.add_member(by, by) if by in Role.values else None)
    return client.get(f"/api/v1/snapshots/{public_id}/", headers=headers)


@pytest.mark.parametrize(
    "role, status",
    [("viewer", 403), ("manager", 403), ("reviewer", 200), ("admin", 200), ("nobody", 401)],
)
def test_reviewers_and_admins_see_pictures(floor: Floor, role: str, status: int) -> None:
    assert look(floor, kept(floor, jpeg()).public_id, by=role).status_code == status


def test_picture_is_seen_as_it_is_kept(floor: Floor) -> None:
    snapshot = kept(floor, jpeg())
    answer = look(floor, snapshot.public_id, by="reviewer", accept="image/avif,image/webp")
    assert (answer.content, answer.headers["Content-Type"]) == (bytes_of(snapshot), "image/jpeg")


def test_no_cache_keeps_a_picture(floor: Floor) -> None:
    answer = look(floor, kept(floor, jpeg()).public_id, by="reviewer")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_picture_of_another_site_does_not_exist(floor: Floor) -> None:
    snapshot = kept(floor, jpeg())
    Site.objects.create(code="F9", name="F9")
    answer = look(Floor("F2"), snapshot.public_id, by="admin")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("name", ["unknown", "..", "%2e%2e%2fsecret_key", "a%00b", "x" * 500])
def test_picture_that_is_not_there_is_not_found(floor: Floor, name: str) -> None:
    assert look(floor, name, by="reviewer").status_code == 404


def test_picture_whose_file_is_gone_is_not_found(floor: Floor, folder: Path) -> None:
    snapshot = kept(floor, jpeg())
    for file in folder.rglob("*.jpg"):
        file.unlink()
    answer = look(floor, snapshot.public_id, by="reviewer")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


# --- named by events -----------------------------------------------------------------------------


def test_event_names_its_picture(floor: Floor) -> None:
    snapshot = kept(floor, jpeg())
    floor.put(event("08:00", snapshot_id=snapshot.public_id))
    assert snapshots.of_event(Event.objects.get()) == snapshot


@pytest.mark.parametrize("name", ["never sent", "another site's", None])
def test_event_may_name_a_picture_that_is_not_there(floor: Floor, name: str | None) -> None:
    if name == "another site's":
        name = kept(Floor("F2"), jpeg()).public_id
    floor.put(event("08:00", snapshot_id=name))
    assert snapshots.of_event(Event.objects.get()) is None


# --- removed -------------------------------------------------------------------------------------


def now_ms() -> int:
    return to_ms(clock.now())


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("days, left", [(30, 1), (30.001, 0)])
def test_picture_is_removed_after_the_sites_days(
    floor: Floor, folder: Path, days: float, left: int
) -> None:
    kept(floor, jpeg())
    removed = snapshots.remove_expired(now_ms() + int(days * DAY_MS))
    assert (removed, Snapshot.objects.count(), len(files(folder))) == (1 - left, left, left)


def test_each_site_keeps_its_own_days(floor: Floor) -> None:
    other = Floor("F2")
    Site.objects.filter(pk=other.site.pk).update(snapshot_days=7)
    mine, _ = kept(floor, jpeg()), kept(other, jpeg())
    snapshots.remove_expired(now_ms() + 8 * DAY_MS)
    assert list(Snapshot.objects.all()) == [mine]


def test_removing_twice_is_safe(floor: Floor) -> None:
    kept(floor, jpeg())
    later = now_ms() + 31 * DAY_MS
    assert [snapshots.remove_expired(later), snapshots.remove_expired(later)] == [1, 0]


def test_file_that_is_gone_already_keeps_no_row(floor: Floor, folder: Path) -> None:
    kept(floor, jpeg())
    for file in files(folder):
        file.unlink()
    assert snapshots.remove_expired(now_ms() + 31 * DAY_MS) == 1


def test_what_a_killed_process_left_is_removed_with_its_day(floor: Floor, folder: Path) -> None:
    kept(floor, jpeg())
    Snapshot.objects.all().delete()
    snapshots.remove_expired(now_ms() + 30 * DAY_MS)
    assert len(files(folder)) == 1
    snapshots.remove_expired(now_ms() + 31 * DAY_MS)
    assert files(folder) == []


def test_event_stays_when_its_picture_is_removed(floor: Floor) -> None:
    floor.put(event("08:00", snapshot_id=kept(floor, jpeg()).public_id))
    snapshots.remove_expired(now_ms() + 31 * DAY_MS)
    assert snapshots.of_event(Event.objects.get()) is None


def test_a_site_that_takes_no_pictures_refuses_them(floor: Floor) -> None:
    Site.objects.filter(pk=floor.site.pk).update(takes_snapshots=False)
    answer = send(floor, jpeg())
    assert (answer.status_code, answer.json()["code"]) == (403, "snapshots_off")
    assert not Snapshot.objects.exists()
