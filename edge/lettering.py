"""Letters of five rows, for the names on signs and the line that a camera writes on its picture."""

from __future__ import annotations

from edge.raster import Colour, Point, Raster

# Each letter: five rows of three dots, as the digits of an octal number.
GLYPHS = {
    "0": 0o75557, "1": 0o26227, "2": 0o71747, "3": 0o71717, "4": 0o55711, "5": 0o74717,
    "6": 0o74757, "7": 0o71122, "8": 0o75757, "9": 0o75717, "A": 0o25755, "B": 0o65656,
    "C": 0o34443, "D": 0o65556, "E": 0o74647, "F": 0o74644, "G": 0o34553, "H": 0o55755,
    "I": 0o72227, "J": 0o11152, "K": 0o55655, "L": 0o44447, "M": 0o57755, "N": 0o65555,
    "O": 0o25552, "P": 0o65644, "Q": 0o25573, "R": 0o65655, "S": 0o34216, "T": 0o72222,
    "U": 0o55557, "V": 0o55552, "W": 0o55775, "X": 0o55255, "Y": 0o55222, "Z": 0o71247,
    "-": 0o00700, ":": 0o02020, ".": 0o00002, "_": 0o00007,
}  # fmt: skip
ROWS, COLUMNS = 5, 3
ADVANCE = COLUMNS + 1


def write(raster: Raster, text: str, at: Point, *, size: int, colour: Colour) -> None:
    """One line from its upper left corner; `size` is that of a dot. Unknown letters are gaps."""
    for place, letter in enumerate(text.upper()):
        _letter(
            raster, GLYPHS.get(letter, 0), (at[0] + place * ADVANCE * size, at[1]), size, colour
        )


def width_of(text: str, *, size: int) -> int:
    return (len(text) * ADVANCE - 1) * size


def _letter(raster: Raster, glyph: int, at: Point, size: int, colour: Colour) -> None:
    for dot in range(ROWS * COLUMNS):
        if glyph >> (ROWS * COLUMNS - 1 - dot) & 1:
            x, y = at[0] + dot % COLUMNS * size, at[1] + dot // COLUMNS * size
            raster.rectangle(x, y, x + size, y + size, colour)
