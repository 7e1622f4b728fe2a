"""Encodes uploaded pictures again: what is kept holds pixels, upright, and nothing else."""

import warnings
from io import BytesIO
from typing import NamedTuple

from PIL import Image, ImageOps

MAX_BYTES = 1_000_000
MAX_SIDE = 1_920
MEDIA_TYPE = "image/jpeg"

_FORMATS = ("JPEG", "PNG", "WEBP")
_JPEG, _PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"  # how their files begin
_MAX_SCANS = 50  # of a JPEG; ten are usual, and each is work over the whole picture
_QUALITIES = (90, 80, 65)

# Pillow only warns of pictures that would take hundreds of megabytes.
warnings.simplefilter("error", Image.DecompressionBombWarning)


class BadPictureError(ValueError):
    """The picture can't be kept; `code` is `unsupported_media_type`, `too_large` or `invalid`."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


class Picture(NamedTuple):
    """A picture as it is kept."""

    content: bytes
    width: int
    height: int


def reencoded(content: bytes) -> Picture:
    """The picture alone, as JPEG. Raises BadPictureError, and never decodes what is too large."""
    _refuse_at_sight(content)
    try:
        return _encoded(_plain(_opened(content)))
    except BadPictureError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise BadPictureError("too_large", _TOO_LONG) from error
    except Exception as error:
        raise BadPictureError("invalid", "The picture is broken.") from error


_TOO_LONG = f"A picture may have {MAX_SIDE:,} pixels on its longer side."


def _refuse_at_sight(content: bytes) -> None:
    if len(content) > MAX_BYTES:
        raise BadPictureError("too_large", f"A picture may have {MAX_BYTES:,} bytes.")
    if not content.startswith((_JPEG, _PNG)) and not _is_webp(content):
        raise BadPictureError("unsupported_media_type", "Send a JPEG, PNG or WebP picture.")
    if content.startswith(_JPEG) and content.count(b"\xff\xda") > _MAX_SCANS:
        raise BadPictureError("invalid", f"The picture has more than {_MAX_SCANS} scans.")
    if _is_webp(content) and max(_webp_canvas(content)) > MAX_SIDE:  # before memory is set aside
        raise BadPictureError("too_large", _TOO_LONG)


def _is_webp(content: bytes) -> bool:
    return content[:4] == b"RIFF" and content[8:12] == b"WEBP"


def _opened(content: bytes) -> Image.Image:
    """Only its head has been read."""
    image = Image.open(BytesIO(content), formats=_FORMATS)
    if max(image.size) > MAX_SIDE:
        raise BadPictureError("too_large", _TOO_LONG)
    return image


def _plain(image: Image.Image) -> Image.Image:
    """Its pixels, turned as its metadata asks; what shines through is white."""
    upright = ImageOps.exif_transpose(image)
    if upright.mode.startswith("I"):  # 16 bits of grey
        upright = upright.convert("I").point(lambda grey: grey * (1 / 256)).convert("L")
    plain = Image.new("RGB", upright.size, "white")
    if upright.has_transparency_data:
        upright = upright.convert("RGBA")
        plain.paste(upright, mask=upright.getchannel("A"))
    else:
        plain.paste(upright.convert("RGB"))
    return plain


def _encoded(image: Image.Image) -> Picture:
    """As good as fits."""
    content = b""
    for quality in _QUALITIES:
        file = BytesIO()
        image.save(file, "JPEG", quality=quality)
        content = file.getvalue()
        if len(content) <= MAX_BYTES:
            break
    return Picture(content, *image.size)


def _webp_canvas(content: bytes) -> tuple[int, int]:
    """Width and height by the head of a WebP file; what is no head gives any numbers."""
    kind, head = content[12:16], content[16:32]
    if kind == b"VP8X":
        return 1 + _number(head[8:11]), 1 + _number(head[11:14])
    if kind == b"VP8 ":
        return _number(head[10:12]) & 0x3FFF, _number(head[12:14]) & 0x3FFF
    sizes = _number(head[5:9])
    return 1 + (sizes & 0x3FFF), 1 + (sizes >> 14 & 0x3FFF)


def _number(content: bytes) -> int:
    return int.from_bytes(content, "little")
