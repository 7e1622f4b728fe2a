"""Whole requests as nobody should send them."""

import gzip
import json
import zlib
from typing import NamedTuple

from tests.events.hostile_items import GOOD, good


class Body(NamedTuple):
    raw: bytes
    headers: dict[str, str] = {}


NDJSON = {"Content_Type": "application/x-ndjson"}
GZIP = {"Content_Encoding": "gzip"}
ARRAY = json.dumps([good(1), good(2)]).encode()
OBJECT = json.dumps(GOOD).encode()
PACKED = gzip.compress(ARRAY)


def lists(depth: int) -> bytes:
    return b"[" * depth + b"]" * depth


def envelope(**fields: object) -> bytes:
    return json.dumps(fields).encode()


ENVELOPES = {
    "events-is-a-number": envelope(events=5),
    "events-is-null": envelope(events=None),
    "events-is-true": envelope(events=True),
    "events-is-a-text": envelope(events="[]"),
    "events-is-an-object": envelope(events={}),
    "events-is-an-event": envelope(events=GOOD),
    "events-holds-numbers": envelope(events=[1, 2]),
    "events-holds-nulls": envelope(events=[None] * 100),
    "events-holds-events": envelope(events=[{"events": [GOOD]}]),
    "events-twice": b'{"events": [], "events": [1]}',
    "event-and-events": envelope(events=[], **GOOD),
    "camera-is-a-number": envelope(events=[good(1)], camera_id=5),
    "camera-is-a-list": envelope(events=[good(1)], camera_id=["C1"]),
    "camera-is-empty": envelope(events=[good(1)], camera_id=""),
    "camera-is-nul": envelope(events=[good(1)], camera_id="\0"),
    "camera-is-long": envelope(events=[good(1)], camera_id="C" * 100_000),
    "camera-is-unknown": envelope(events=[good(1)], camera_id="blind"),
    "camera-is-a-lone-surrogate": b'{"events": [], "camera_id": "\\ud800"}',
    "camera-is-no-utf8": b'{"events": [], "camera_id": "\xff"}',
    "heartbeat-of-nul": envelope(events=[], camera_id="\0"),
    "heartbeat-of-nobody": envelope(events=[]),
    "heartbeat-of-null": envelope(events=[], camera_id=None),
    "heartbeat-of-a-number": envelope(events=[], camera_id=5),
    "wrapped-in-results": envelope(results=[GOOD]),
    "wrapped-twice": envelope(events={"events": [GOOD]}),
    "empty-object": b"{}",
}

WHOLE = {
    "nothing": b"",
    "blank": b" \r\n\t ",
    "nul": b"\0",
    "nuls": b"\0" * 10_000,
    "null": b"null",
    "true": b"true",
    "number": b"1e400",
    "huge-number": b"9" * 100_000,
    "minus": b"-",
    "text": b'"events"',
    "open-text": b'"' + b"a" * 10_000,
    "backslashes": b'"' + b"\\" * 10_001,
    "open-object": b"{",
    "open-array": b"[",
    "closed-array": b"]",
    "comma": b"[,]",
    "trailing-comma": ARRAY[:-1] + b",]",
    "trailing-garbage": ARRAY + b"x",
    "two-arrays": ARRAY * 2,
    "lines-without-their-type": OBJECT + b"\n" + OBJECT,
    "byte-order-mark": b"\xef\xbb\xbf" + ARRAY,
    "utf-16": ARRAY.decode().encode("utf-16"),
    "utf-16-big-endian": ARRAY.decode().encode("utf-16-be"),
    "utf-32": ARRAY.decode().encode("utf-32"),
    "utf-7": b"+AFsAXQ-",
    "not-utf8": b"\xff" * 100,
    "not-utf8-between": b"[\xff]",
    "every-byte": bytes(range(256)),
    "15-levels": lists(15),
    "16-levels": lists(16),
    "17-levels": lists(17),
    "3000-levels": lists(3_000),
    "million-levels": lists(1_000_000),
    "million-open-lists": b"[" * 1_000_000,
    "million-open-objects": b'{"a":' * 800_000,
    "million-closed-lists": b"]" * 1_000_000,
    "brackets-in-an-open-text": b'["' + b"[" * 1_000_000,
    "escaped-quotes": b'["' + b'\\"' * 1_000_000,
    "commas": b"[" + b"," * 1_000_000 + b"]",
    "long-text": b'["' + b"a" * 4_000_000 + b'"]',
    "many-fields": b"{" + b'"a":1,' * 500_000 + b'"a":1}',
    "numbers": b"[" + b"1," * 4_999 + b"1]",
    "nulls-beyond-the-limit": b"[" + b"null," * 500_000 + b"null]",
    "lists-beyond-the-limit": b"[" + b"[]," * 5_000 + b"[]]",
    "multipart": b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x--\r\n',
    "png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "pickle": b"\x80\x04\x95\x0b\0\0\0\0\0\0\0\x8c\x05hello\x94.",
    "entity-bomb": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    "gzip-that-nobody-announced": PACKED,
}

LINES = {
    "nothing": b"",
    "empty-lines": b"\n\n \r\n\t\n",
    "nul-line": b"\0\n",
    "array-on-a-line": ARRAY,
    "envelope-on-a-line": envelope(events=[GOOD]),
    "bad-lines": b'{\n}\n[\n]\n"\n-\n',
    "object-over-two-lines": OBJECT.replace(b",", b",\n", 1),
    "carriage-returns-only": b"\r".join([OBJECT, OBJECT]),
    "form-feeds": b"\x0c".join([OBJECT, OBJECT]),
    "record-separators": b"\x1e" + OBJECT + b"\n\x1e" + OBJECT,
    "byte-order-mark": b"\xef\xbb\xbf" + OBJECT,
    "utf-16": (OBJECT + b"\n").decode().encode("utf-16"),
    "not-utf8": b"\xff\xfe\n\xfd\n",
    "numbers": b"1\n" * 4_999,
    "million-empty-lines": b"\n" * 4_000_000,
    "very-long-line": b'{"a": "' + b"a" * 4_000_000 + b'"}',
    "deep-lines": (lists(17) + b"\n") * 100,
    "deeper-lines": (lists(100_000) + b"\n") * 10,
    "heartbeat": envelope(events=[], camera_id="C1"),
}

PACKINGS = {
    "nothing": b"",
    "garbage": b"garbage",
    "plain-json": ARRAY,
    "only-the-magic": PACKED[:2],
    "only-the-head": PACKED[:10],
    "half": PACKED[: len(PACKED) // 2],
    "without-the-end": PACKED[:-8],
    "one-byte-short": PACKED[:-1],
    "wrong-checksum": PACKED[:-8] + b"\0\0\0\0" + PACKED[-4:],
    "wrong-length": PACKED[:-4] + b"\0\0\0\0",
    "wrong-method": PACKED[:2] + b"\x07" + PACKED[3:],
    "reserved-flags": PACKED[:3] + b"\xff" + PACKED[4:],
    "broken-inside": PACKED[:20] + b"\xff\xff\xff" + PACKED[23:],
    "garbage-after": PACKED + b"garbage",
    "zeros-after": PACKED + b"\0" * 100,
    "two-members": gzip.compress(ARRAY[:10]) + gzip.compress(ARRAY[10:]),
    "ten-thousand-members": gzip.compress(b" ") * 10_000,
    "packed-twice": gzip.compress(PACKED),
    "packed-garbage": gzip.compress(b"garbage"),
    "packed-nothing": gzip.compress(b""),
    "packed-utf-16": gzip.compress("[]".encode("utf-16")),
    "zlib": zlib.compress(ARRAY),
    "bomb": gzip.compress(b"[" * 20_000_000, 9),
}

TYPES = {
    "none": "",
    "json-lines": "application/jsonl",
    "problem": "application/problem+json",
    "text-json": "text/json",
    "any": "*/*",
    "application": "application/",
    "slash": "/",
    "semicolon": ";",
    "semicolons": "application/json;;;;",
    "utf-16": "application/json; charset=utf-16",
    "unknown-charset": "application/json; charset=no-such-thing",
    "empty-charset": "application/json; charset=",
    "quoted-charset": 'application/json; charset="utf-8',
    "boundary": "multipart/form-data; boundary=",
    "no-boundary": "multipart/form-data",
    "long-boundary": "multipart/form-data; boundary=" + "b" * 10_000,
    "form": "application/x-www-form-urlencoded; charset=no-such-thing",
    "latin-letters": "application/jsön",
    "long": "application/" + "j" * 10_000,
    "two": "application/json, application/x-ndjson",
}

ENCODINGS = {
    "empty": "",
    "capitals": "GZIP",
    "blank": " gzip ",
    "x-gzip": "x-gzip",
    "twice": "gzip, gzip",
    "chunked": "chunked",
    "star": "*",
    "latin-letters": "gzïp",
    "long": "g" * 10_000,
}

BODIES = (
    {f"envelope-where-{name}": Body(raw) for name, raw in ENVELOPES.items()}
    | {f"body-is-{name}": Body(raw) for name, raw in WHOLE.items()}
    | {f"lines-are-{name}": Body(raw, NDJSON) for name, raw in LINES.items()}
    | {f"gzip-is-{name}": Body(raw, GZIP) for name, raw in PACKINGS.items()}
    | {f"gzip-of-lines-is-{name}": Body(PACKINGS[name], GZIP | NDJSON) for name in ("half", "bomb")}
    | {f"type-is-{name}": Body(ARRAY, {"Content_Type": t}) for name, t in TYPES.items()}
    | {
        f"encoding-is-{name}": Body(PACKED, {"Content_Encoding": t})
        for name, t in ENCODINGS.items()
    }
    | {f"array-cut-after-{n}-bytes": Body(ARRAY[:n]) for n in range(1, len(ARRAY), 16)}
    | {f"object-cut-after-{n}-bytes": Body(OBJECT[:n]) for n in range(1, len(OBJECT), 16)}
    | {f"lines-cut-after-{n}-bytes": Body(OBJECT[:n], NDJSON) for n in range(1, len(OBJECT), 32)}
)
