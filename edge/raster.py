"""A picture as rows of bytes: shapes are drawn in runs, light and blur change all at once."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from math import hypot, sqrt

Colour = tuple[int, int, int]
Point = tuple[float, float]
CHANNELS = 3
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
TRUE_COLOUR = 2


class Raster:
    """Red, green and blue, a byte each; (0, 0) is the upper left corner."""

    def __init__(self, width: int, height: int, colour: Colour) -> None:
        self.width, self.height = width, height
        self._bytes = bytearray(bytes(colour) * (width * height))

    def rectangle(self, left: float, top: float, right: float, bottom: float, c: Colour) -> None:
        for y in range(max(round(top), 0), min(round(bottom), self.height)):
            self._run(y, left, right, c)

    def disc(self, centre: Point, radius: float, colour: Colour) -> None:
        x, y = centre
        for row in range(max(round(y - radius), 0), min(round(y + radius) + 1, self.height)):
            reach = sqrt(max(radius**2 - (row - y) ** 2, 0.0))
            self._run(row, x - reach, x + reach, colour)

    def polygon(self, corners: Sequence[Point], colour: Colour) -> None:
        """A convex one."""
        edges = list(zip(corners, [*corners[1:], corners[0]]))
        ys = [y for _, y in corners]
        for row in range(max(round(min(ys)), 0), min(round(max(ys)) + 1, self.height)):
            crossings = [
                ax + (row - ay) * (bx - ax) / (by - ay)
                for (ax, ay), (bx, by) in edges
                if ay != by and min(ay, by) <= row <= max(ay, by)
            ]
            if crossings:
                self._run(row, min(crossings), max(crossings), colour)

    def limb(self, start: Point, end: Point, width: float, colour: Colour) -> None:
        """A thick line with round ends."""
        length = hypot(end[0] - start[0], end[1] - start[1]) or 1.0
        dx = (end[1] - start[1]) / length * width / 2
        dy = (start[0] - end[0]) / length * width / 2
        sides = ((start, 1), (end, 1), (end, -1), (start, -1))
        self.polygon([(x + sign * dx, y + sign * dy) for (x, y), sign in sides], colour)
        self.disc(start, width / 2, colour)
        self.disc(end, width / 2, colour)

    def dim(self, light: float) -> None:
        """Takes light away: 1 leaves it as it is, 0 is the dark."""
        self._bytes = self._bytes.translate(bytes(int(level * light) for level in range(256)))

    def blur(self, passes: int) -> None:
        """Each pass mixes every pixel with its neighbours, two steps away at most."""
        for _ in range(passes):
            for step in (CHANNELS, 2 * CHANNELS, self.width * CHANNELS, 2 * self.width * CHANNELS):
                self._mix(step)

    def png(self) -> bytes:
        """The picture as a PNG file."""
        stride = self.width * CHANNELS
        rows = (self._bytes[at : at + stride] for at in range(0, len(self._bytes), stride))
        data = zlib.compress(b"".join(b"\0" + row for row in rows), 6)
        header = struct.pack(">IIBBBBB", self.width, self.height, 8, TRUE_COLOUR, 0, 0, 0)
        chunks = ((b"IHDR", header), (b"IDAT", data), (b"IEND", b""))
        return PNG_SIGNATURE + b"".join(_chunk(kind, content) for kind, content in chunks)

    def _run(self, row: int, left: float, right: float, colour: Colour) -> None:
        first, end = max(round(left), 0), min(round(right), self.width)
        if first < end:
            at = (row * self.width + first) * CHANNELS
            self._bytes[at : at + (end - first) * CHANNELS] = bytes(colour) * (end - first)

    def _mix(self, step: int) -> None:
        """The mean of each byte and the one `step` before it, and back, so that nothing moves."""
        mask = int.from_bytes(b"\x7f" * len(self._bytes), "big")
        before = self._bytes[:step] + self._bytes[:-step]
        self._bytes = _means(self._bytes, before, mask)
        behind = self._bytes[step:] + self._bytes[-step:]
        self._bytes = _means(self._bytes, behind, mask)


def _means(left: bytearray, right: bytearray, mask: int) -> bytearray:
    """All bytes are one long number.

    (a & b) + (a ^ b) / 2 is the mean of two bytes, and no carry leaves its byte.
    """
    a, b = int.from_bytes(left, "big"), int.from_bytes(right, "big")
    return bytearray(((a & b) + (((a ^ b) >> 1) & mask)).to_bytes(len(left), "big"))


def _chunk(kind: bytes, content: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + checksum
