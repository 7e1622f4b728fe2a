"""Pictures that people can judge: the posture tells the state, drift takes light and sharpness."""

import io
import json
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageStat

from edge.raster import Raster
from edge.scene import Scene, draw

ROOT = Path(__file__).parents[2]
STATES = ["working", "idle", "absent", "product_count"]
MOST_BYTES = 60_000
MOST_PIXELS = 640


def picture(shows: str = "working", *, sunk: float = 0.0, seed: int = 1, **more: str) -> bytes:
    names = {"camera_id": "CAM-1", "workstation_id": "S1", "worker_id": "W1", **more}
    scene = Scene(**names, shows=shows, taken_at="2026-03-17 10:15:00", sunk=sunk)
    return draw(scene, Random(seed))


def seen(shows: str = "working", **more: Any) -> Image.Image:
    """As a program reads it that has nothing to do with ours; without the caption."""
    image = Image.open(io.BytesIO(picture(shows, **more)))
    image.load()
    return image.crop((0, 0, image.width, image.height - 18))


def share_that_differs(one: Image.Image, other: Image.Image) -> float:
    mask = ImageChops.difference(one, other).convert("L").point(lambda level: 255 * (level > 12))
    return ImageStat.Stat(mask).mean[0] / 255


def sharpness(image: Image.Image) -> float:
    """How much neighbours differ, whatever the light."""
    grey = image.convert("L")
    moved = ImageChops.offset(grey, 1, 0)
    return ImageStat.Stat(ImageChops.difference(grey, moved)).rms[0] / ImageStat.Stat(grey).mean[0]


@pytest.mark.parametrize("sunk", [0.0, 0.1, 0.3])
@pytest.mark.parametrize("shows", STATES)
def test_a_picture_is_small_and_whole(shows: str, sunk: float) -> None:
    data = picture(shows, sunk=sunk)
    image = Image.open(io.BytesIO(data))
    image.load()
    assert (image.format, image.mode) == ("PNG", "RGB")
    assert max(image.size) <= MOST_PIXELS
    assert len(data) <= MOST_BYTES


@pytest.mark.parametrize("sunk", [0.0, 0.2])
@pytest.mark.parametrize("shows", STATES)
def test_states_can_be_told_apart(shows: str, sunk: float) -> None:
    """Whoever knows one picture of each recognises another one, in any light."""
    known = {state: seen(state, sunk=sunk) for state in STATES}
    for seed in range(2, 8):
        other = seen(shows, sunk=sunk, seed=seed)
        nearest = min(STATES, key=lambda state: share_that_differs(known[state], other))
        assert nearest == shows


@pytest.mark.parametrize("shows", STATES)
def test_with_drift_it_gets_darker_and_blurred(shows: str) -> None:
    fresh, tired, worst = (seen(shows, sunk=sunk) for sunk in (0.0, 0.1, 0.2))
    light = [ImageStat.Stat(image.convert("L")).mean[0] for image in (fresh, tired, worst)]
    assert light[0] > 1.2 * light[1] > 1.2 * light[2]
    assert sharpness(fresh) > 1.2 * sharpness(tired) > sharpness(worst)


def test_the_same_dice_draw_the_same() -> None:
    assert picture(seed=3) == picture(seed=3)


@pytest.mark.parametrize("name", ["", "Ünïcode ✓", "A" * 64, "<b>"])
def test_any_name_can_be_drawn(name: str) -> None:
    assert len(picture(camera_id=name, workstation_id=name, worker_id=name)) <= MOST_BYTES


def test_blur_keeps_an_even_colour_to_the_last_pixel() -> None:
    raster = Raster(7, 5, (200, 3, 90))
    raster.blur(4)
    image = Image.open(io.BytesIO(raster.png()))
    assert image.tobytes() == bytes((200, 3, 90)) * 35


def test_blur_moves_nothing() -> None:
    raster = Raster(41, 41, (0, 0, 0))
    raster.rectangle(18, 18, 23, 23, (255, 255, 255))
    raster.blur(3)
    grey = Image.open(io.BytesIO(raster.png())).convert("L").tobytes()
    levels = [(x, y, grey[y * 41 + x]) for x in range(41) for y in range(41)]
    total = sum(level for _, _, level in levels)
    assert sum(x * level for x, _, level in levels) / total == pytest.approx(20, abs=0.1)
    assert sum(y * level for _, y, level in levels) / total == pytest.approx(20, abs=0.1)


def draw_by_command(folder: Path, *events: object) -> "subprocess.CompletedProcess[str]":
    lines = "".join(f"{json.dumps(each)}\n" for each in events)
    words = ["draw", "--to", str(folder), "--time-zone", "Europe/Berlin"]
    command = [sys.executable, "-m", "edge", *words]
    return subprocess.run(
        command, cwd=ROOT, input=lines, capture_output=True, text=True, check=False
    )


def seen_event(**more: object) -> dict[str, object]:
    return {
        "timestamp": "2026-01-15T10:15:00.250Z",
        "camera_id": "CAM-1",
        "workstation_id": "S1",
        "worker_id": "W1",
        "event_type": "idle",
        "confidence": 0.9,
        **more,
    }


def test_the_command_draws_a_picture_for_each_line_and_names_it(tmp_path: Path) -> None:
    done = draw_by_command(tmp_path, seen_event(), seen_event(event_type="absent", sunk=0.1))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [str(tmp_path / "0.png"), str(tmp_path / "1.png")]
    with Image.open(tmp_path / "1.png") as image:
        assert image.size == (480, 300)


def test_the_same_line_gives_the_same_picture(tmp_path: Path) -> None:
    draw_by_command(tmp_path, seen_event(), seen_event())
    assert (tmp_path / "0.png").read_bytes() == (tmp_path / "1.png").read_bytes()


@pytest.mark.parametrize("event", [seen_event(timestamp="noon"), {"event_type": "idle"}, [], 5])
def test_a_wrong_line_is_said(tmp_path: Path, event: object) -> None:
    done = draw_by_command(tmp_path, event)
    assert done.returncode == 2
    assert done.stderr.startswith("edge draw: ")
