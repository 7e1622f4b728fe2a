"""What a simulated camera sees, drawn: a workstation, and a worker whose posture tells."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from edge.lettering import width_of, write
from edge.raster import Colour, Point, Raster
from edge.sighting import IDLE, PRODUCT_COUNT, WORKING

WIDTH, HEIGHT = 480, 300
FLOOR_Y, BENCH_Y = 196, 170
WALL: Colour = (196, 203, 206)
FLOOR: Colour = (128, 131, 130)
LINE: Colour = (222, 190, 60)
STEEL: Colour = (88, 96, 104)
WOOD: Colour = (150, 116, 78)
PART: Colour = (214, 214, 206)
DONE: Colour = (66, 140, 214)
SKIN: Colour = (224, 178, 146)
TROUSERS: Colour = (44, 54, 78)
SHOES: Colour = (30, 30, 32)
DARK: Colour = (24, 28, 32)
WHITE: Colour = (240, 242, 240)
MACHINES: tuple[Colour, ...] = (
    (58, 110, 150), (52, 124, 96), (150, 84, 60), (104, 92, 150), (72, 116, 124), (130, 112, 60),
)  # fmt: skip
VESTS: tuple[Colour, ...] = (
    (240, 140, 40), (214, 214, 48), (228, 84, 70), (80, 190, 120), (236, 110, 170), (90, 170, 230),
)  # fmt: skip
STANDS_AT = {WORKING: 196, PRODUCT_COUNT: 232, IDLE: 84}
LEANS = {WORKING: 22, PRODUCT_COUNT: 6}
DARKEST = 0.45  # the light that is left where a camera's view is at its worst
SUNK_AT_WORST = 0.2  # so much confidence is lost there
MOST_BLUR = 5
SHARP = 1  # a lens is never sharper than this, and drawn edges look less like stairs


@dataclass(frozen=True)
class Scene:
    """`shows` is what really goes on, `sunk` how much the camera's model is less sure by now."""

    camera_id: str
    workstation_id: str
    worker_id: str
    shows: str
    taken_at: str
    sunk: float = 0.0


def draw(scene: Scene, dice: Random) -> bytes:
    """The picture as a PNG file; the same dice draw the same."""
    raster = Raster(WIDTH, HEIGHT, WALL)
    machine = MACHINES[sum(scene.workstation_id.encode()) % len(MACHINES)]
    _room(raster, scene, machine)
    figure = _Figure(raster, scene, dice)
    figure.stand()
    _bench(raster, scene, dice)
    figure.reach()
    _spoil(raster, scene.sunk)
    _caption(raster, scene)
    return raster.png()


def _room(raster: Raster, scene: Scene, machine: Colour) -> None:
    raster.rectangle(0, FLOOR_Y, WIDTH, HEIGHT, FLOOR)
    raster.polygon([(0, 262), (WIDTH, 262), (WIDTH, 270), (0, 270)], LINE)
    raster.rectangle(150, 56, 330, FLOOR_Y, machine)
    raster.rectangle(162, 68, 318, 112, STEEL)
    sign = scene.workstation_id[:12]
    reach = width_of(sign, size=4) / 2
    raster.rectangle(240 - reach - 10, 14, 240 + reach + 10, 46, DARK)
    write(raster, sign, (240 - reach, 20), size=4, colour=WHITE)


def _bench(raster: Raster, scene: Scene, dice: Random) -> None:
    """In front of the worker's legs; on it the part in hand, beside it the finished ones."""
    raster.rectangle(128, BENCH_Y, 352, BENCH_Y + 14, WOOD)
    for leg in (136, 334):
        raster.rectangle(leg, BENCH_Y + 14, leg + 10, 256, STEEL)
    if scene.shows != PRODUCT_COUNT:
        raster.rectangle(222, BENCH_Y - 16, 268, BENCH_Y, PART)
    raster.rectangle(372, 206, 456, 254, STEEL)
    raster.rectangle(378, 212, 450, 248, DARK)
    for n in range(dice.randint(1, 3)):
        raster.rectangle(384 + n * 22, 226, 402 + n * 22, 246, DONE)


def _spoil(raster: Raster, sunk: float) -> None:
    """Dim light and a blurred lens, by as much as the model has become less sure."""
    share = min(max(sunk / SUNK_AT_WORST, 0.0), 1.0)
    raster.blur(SHARP + round(share * MOST_BLUR))
    raster.dim(1 - share * (1 - DARKEST))


def _caption(raster: Raster, scene: Scene) -> None:
    """As cameras write it, after the lens."""
    raster.rectangle(0, HEIGHT - 18, WIDTH, HEIGHT, DARK)
    text = f"{scene.camera_id}  {scene.taken_at}"
    write(raster, text, (8, HEIGHT - 14), size=2, colour=WHITE)


class _Figure:
    """A worker behind the bench: works bent over the part, hands a finished one over, or rests.

    Who rests stands upright and away from the bench. Nobody is drawn for `absent`.
    """

    def __init__(self, raster: Raster, scene: Scene, dice: Random) -> None:
        self._raster = raster
        self._shows = scene.shows
        self._x = STANDS_AT.get(scene.shows, 0) + dice.uniform(-6, 6)
        self._lean = LEANS.get(scene.shows, 0)
        self._worker_id = scene.worker_id
        self._vest = VESTS[sum(scene.worker_id.encode()) % len(VESTS)]
        self._sway = dice.uniform(-3, 3)
        self._spread = dice.uniform(-10, 10)

    def stand(self) -> None:
        """What the bench will hide a part of."""
        if self._shows in STANDS_AT:
            self._body()
        if self._shows == IDLE:
            self._rest()

    def reach(self) -> None:
        """Arms that lie before the bench are drawn after it."""
        if self._shows == WORKING:
            self._work()
        if self._shows == PRODUCT_COUNT:
            self._hand_over()

    def _rest(self) -> None:
        """Arms down, a cup in one hand."""
        shoulder = self._shoulder()
        for side in (-24, 24):
            elbow = (shoulder[0] + side, shoulder[1] + 34)
            self._arm((shoulder[0] + side * 0.6, shoulder[1] + 6), elbow, self._low(elbow, side))
        cup = self._low((shoulder[0] + 24, shoulder[1] + 34), 24)
        self._raster.rectangle(cup[0] - 2, cup[1] - 10, cup[0] + 10, cup[1] + 4, WHITE)

    def _work(self) -> None:
        """Both hands at the part, a tool in one of them."""
        shoulder = self._shoulder()
        for target in (232.0, 258.0):
            hand = (target + self._spread / 2, BENCH_Y - 18.0)
            elbow = ((shoulder[0] + hand[0]) / 2 - 4, (shoulder[1] + hand[1]) / 2 + 16)
            self._arm((shoulder[0], shoulder[1] + 6), elbow, hand)
        tool = (258 + self._spread / 2, BENCH_Y - 18.0)
        self._raster.limb(tool, (tool[0] + 12, tool[1] - 14), 5, DARK)

    def _hand_over(self) -> None:
        """Both arms towards the crate of finished parts."""
        shoulder = self._shoulder()
        hand = (352 + self._spread, 176.0)
        for drop in (4, 12):
            elbow = ((shoulder[0] + hand[0]) / 2, (shoulder[1] + hand[1]) / 2 + drop)
            self._arm((shoulder[0] + 8, shoulder[1] + drop), elbow, hand)
        self._raster.rectangle(hand[0] - 2, hand[1] - 10, hand[0] + 22, hand[1] + 14, DONE)

    def _body(self) -> None:
        x, draw = self._x, self._raster
        hip, shoulder = (x, 160.0), self._shoulder()
        for side in (-9, 9):
            draw.limb((x + side, 172), (x + side * 1.3, 240), 15, TROUSERS)
            draw.limb((x + side * 1.3 - 2, 244), (x + side * 1.3 + 7, 244), 9, SHOES)
        draw.limb(hip, (shoulder[0], shoulder[1] + 10), 38, self._vest)
        draw.limb((hip[0] - 14, hip[1] - 4), (hip[0] + 14, hip[1] - 4), 5, WHITE)
        badge = self._worker_id[:4]
        middle = ((hip[0] + shoulder[0]) / 2 - width_of(badge, size=3) / 2, 126.0)
        write(draw, badge, middle, size=3, colour=DARK)
        head = (shoulder[0] + self._lean * 0.45 + self._sway, shoulder[1] - 24)
        draw.limb((shoulder[0], shoulder[1]), head, 11, SKIN)
        draw.disc(head, 15, SKIN)
        brim, top = head[1] - 3, head[1] - 18
        helmet = ((-17, brim), (-11, top), (11, top), (17, brim))
        draw.polygon([(head[0] + aside, y) for aside, y in helmet], LINE)

    def _shoulder(self) -> Point:
        return self._x + self._lean, 106 + self._lean * 0.5

    def _low(self, elbow: Point, side: float) -> Point:
        return elbow[0] + side * 0.1 + self._sway, elbow[1] + 34

    def _arm(self, shoulder: Point, elbow: Point, hand: Point) -> None:
        self._raster.limb(shoulder, elbow, 13, self._vest)
        self._raster.limb(elbow, hand, 10, SKIN)
        self._raster.disc(hand, 7, SKIN)
