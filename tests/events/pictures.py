"""Pictures to send: sound ones, strange ones, and files made to do harm."""

import struct
import zlib
from io import BytesIO
from random import Random
from typing import Any

from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

SECRET = b"Hall 7, by Otto"
GPS = 0x8825


def picture(width: int = 64, height: int = 48, mode: str = "RGB") -> Image.Image:
    """Red on its left half, blue on its right."""
    image = Image.new("RGB", (width, height), (200, 0, 0))
    image.paste((0, 0, 200), (width // 2, 0, width, height))
    return image.convert(mode)


def saved(image: Image.Image, kind: str, **more: Any) -> bytes:
    file = BytesIO()
    image.save(file, kind, **more)
    return file.getvalue()


def jpeg(**more: Any) -> bytes:
    return saved(picture(), "JPEG", **more)


def noise(side: int, kind: str = "PNG", **more: Any) -> bytes:
    """Hardly to be made smaller."""
    content = Random(1).randbytes(3 * side * side)
    return saved(Image.frombytes("RGB", (side, side), content), kind, **more)


def told_by(orientation: int) -> bytes:
    """A JPEG that says how it is to be turned, where it was taken, and by whom."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x013B] = SECRET.decode()
    exif.get_ifd(GPS)[1] = "N"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return jpeg(exif=exif, comment=SECRET, icc_profile=profile, xmp=SECRET)


def talkative_png() -> bytes:
    info = PngInfo()
    info.add_text("Author", SECRET.decode())
    info.add_itxt("XML:com.adobe.xmp", SECRET.decode())
    exif = Image.Exif()
    exif[0x013B] = SECRET.decode()
    return saved(picture(), "PNG", pnginfo=info, exif=exif)


def talkative_webp() -> bytes:
    exif = Image.Exif()
    exif[0x013B] = SECRET.decode()
    return saved(picture(), "WEBP", exif=exif, xmp=SECRET)


def animated(kind: str) -> bytes:
    """The first frame is the picture; the second is green."""
    green = Image.new("RGB", (64, 48), (0, 200, 0))
    return saved(picture(), kind, save_all=True, append_images=[green], duration=100)


def png_head(width: int, height: int, *chunks: tuple[bytes, bytes]) -> bytes:
    """A PNG of that size with hardly any pixels."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", head), *chunks, (b"IDAT", zlib.compress(b"\0" * 1_000)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content))
        + name
        + content
        + struct.pack(">I", zlib.crc32(name + content))
        for name, content in parts
    )


def text_bomb() -> bytes:
    """A comment of a few hundred kilobytes that would be hundreds of megabytes."""
    return png_head(64, 48, (b"zTXt", b"c\0\0" + zlib.compress(b"\0" * 300_000_000, 9)))


def jpeg_head(width: int, height: int) -> bytes:
    """A JPEG that claims a size."""
    content = jpeg()
    place = content.index(b"\xff\xc0") + 5
    return content[:place] + struct.pack(">HH", height, width) + content[place + 4 :]


def scan_bomb() -> bytes:
    """A progressive JPEG with its last scan again and again."""
    content = saved(picture(1_900, 1_900), "JPEG", progressive=True)
    last = content.rindex(b"\xff\xda")
    return content[:last] + content[last:-2] * 1_000 + b"\xff\xd9"


def webp_canvas(width: int, height: int) -> bytes:
    """An animation with a canvas of that size and a small frame."""
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    frame = saved(picture(), "WEBP")[12:]
    body = b"WEBPVP8X" + struct.pack("<I", 10) + b"\x02\0\0\0" + size
    body += b"ANIM" + struct.pack("<IIH", 6, 0, 0)
    place = b"\0" * 6 + (63).to_bytes(3, "little") + (47).to_bytes(3, "little") + b"\x64\0\0\0"
    body += b"ANMF" + struct.pack("<I", len(place) + len(frame)) + place + frame
    return b"RIFF" + struct.pack("<I", len(body)) + body
