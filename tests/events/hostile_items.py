"""Items as no camera should send them: name → JSON text of one item, on one line."""

import json

from tests.floor import Json, event

GOOD = event("08:00", camera_id="C1")
FIELDS = tuple(name for name in GOOD)
TEXTS = ("timestamp", "worker_id", "workstation_id", "event_type", "camera_id")
LONG = 100_000
DEEPEST = 14  # lists in a field of an item, where its array and it are two levels more


def with_(name: str, value: str) -> str:
    """The good item with the JSON text of another value."""
    rest = {key: value for key, value in GOOD.items() if key != name}
    return f'{json.dumps(rest)[:-1]}, "{name}": {value}}}'


def without(name: str) -> str:
    return json.dumps({key: value for key, value in GOOD.items() if key != name})


def dumped(**more: object) -> str:
    return json.dumps(GOOD | more)


def counted(value: str) -> str:
    return with_("count", value).replace('"working"', '"product_count"')


def nested(depth: int) -> str:
    return with_("extra", "[" * depth + "]" * depth)


WRONG_TYPES = {
    "true": "true",
    "number": "5",
    "negative": "-5",
    "fraction": "0.5e1",
    "list": "[]",
    "list-of-text": '["W1"]',
    "object": "{}",
    "object-of-text": '{"W1": "W1"}',
}
WRONG_TEXTS = {
    "empty": '""',
    "blank": '" "',
    "nul": '"W1\\u0000"',
    "only-nul": '"\\u0000"',
    "long": f'"{"W" * 65}"',
    "very-long": f'"{"W" * LONG}"',
    "escape-character": '"\\u001b[31m"',
    "right-to-left": '"\\u202eW1"',
    "emoji": '"👷🏽‍♀️"',
    "escaped-emoji": '"\\ud83d\\udc77"',
    "combining": '"W\\u0301"',
    "sql": '"\' OR 1=1; DROP TABLE events_event; --"',
    "format": '"%s%n{0}"',
    "markup": '"<script>alert(1)</script>"',
    "path": '"../../etc/passwd"',
    "newline": '"W1\\n"',
    "case": '"w1 "',
}
WRONG_TIMES = {
    "naive": "2026-06-16T08:00:00",
    "date": "2026-06-16",
    "time": "08:00:00Z",
    "no-seconds": "2026-06-16T08:00Z",
    "basic": "20260616T080000Z",
    "week": "2026-W25-2T08:00:00Z",
    "day-of-year": "2026-167T08:00:00Z",
    "leap-second": "2026-06-30T23:59:60Z",
    "hour-24": "2026-06-16T24:00:00Z",
    "minute-60": "2026-06-16T08:60:00Z",
    "month-13": "2026-13-16T08:00:00Z",
    "month-0": "2026-00-16T08:00:00Z",
    "february-30": "2026-02-30T08:00:00Z",
    "february-29-in-2025": "2025-02-29T08:00:00Z",
    "year-0": "0000-01-01T00:00:00Z",
    "year-1": "0001-01-01T00:00:00+23:59",
    "year-1969": "1969-12-31T23:59:59.999Z",
    "year-2200": "2200-01-01T00:00:00Z",
    "year-9999": "9999-12-31T23:59:59.999999-23:59",
    "year-10000": "10000-01-01T00:00:00Z",
    "negative-year": "-2026-06-16T08:00:00Z",
    "offset-24": "2026-06-16T08:00:00+24:00",
    "offset-without-colon": "2026-06-16T08:00:00+0200",
    "offset-of-hours": "2026-06-16T08:00:00+02",
    "offset-with-seconds": "2026-06-16T08:00:00+02:00:01",
    "true-minus": "2026-06-16T08:00:00−02:00",
    "zone-name": "2026-06-16T08:00:00[Europe/Berlin]",
    "zone-twice": "2026-06-16T08:00:00Z+00:00",
    "comma": "2026-06-16T08:00:00,5Z",
    "empty-fraction": "2026-06-16T08:00:00.Z",
    "blank-before": " 2026-06-16T08:00:00Z",
    "blank-after": "2026-06-16T08:00:00Z ",
    "newline-after": "2026-06-16T08:00:00Z\n",
    "nul-after": "2026-06-16T08:00:00Z\0",
    "underscore": "2026-06-16_08:00:00Z",
    "arabic-digits": "٢٠٢٦-٠٦-١٦T٠٨:٠٠:٠٠Z",
    "full-width-digits": "２０２６-06-16T08:00:00Z",
    "unix-seconds": "1781596800",
    "http-date": "Tue, 16 Jun 2026 08:00:00 GMT",
    "now": "now",
    "nan": "NaN",
    "zeros-without-end": "2026-06-16T08:00:00." + "0" * 1_000 + "Z",
}
WRONG_CONFIDENCES = {
    "above": "1.0000001",
    "far-above": "1e308",
    "beyond-floats": "1e400",
    "below": "-0.0000001",
    "below-floats": "-1e400",
    "huge": "1" + "0" * 400,
    "text": '"0.9"',
    "text-nan": '"NaN"',
}
WRONG_COUNTS = {
    "one-too-many": "100001",
    "negative": "-1",
    "beyond-32-bits": str(2**31),
    "beyond-64-bits": str(2**63),
    "beyond-unsigned-64-bits": str(2**64),
    "huge": "1" + "0" * 400,
    "huge-negative": "-1" + "0" * 400,
    "fraction": "1.5",
    "beyond-floats": "1e400",
    "true": "true",
    "text": '"1"',
    "list": "[1]",
}
NO_EVENTS = {
    "null": "null",
    "true": "true",
    "number": "5",
    "huge-number": "1" + "0" * 400,
    "beyond-floats": "1e400",
    "text": '"working"',
    "empty-text": '""',
    "list": "[]",
    "list-of-an-event": json.dumps([GOOD]),
    "object": "{}",
    "envelope": json.dumps({"events": [GOOD]}),
    "empty-envelope": json.dumps({"events": []}),
    "unknown-fields": '{"a": 1, "b": 2}',
    "empty-name": '{"": ""}',
}

# Each is refused alone: whatever else is in the request is stored.
REFUSED = (
    {f"item-is-{name}": text for name, text in NO_EVENTS.items()}
    | {f"{field}-is-missing": without(field) for field in TEXTS[:4]}
    | {f"{field}-is-null": with_(field, "null") for field in TEXTS[:4]}
    | {
        f"{field}-is-{name}": with_(field, value)
        for field in (*TEXTS, "model_version", "snapshot_id")
        for name, value in WRONG_TYPES.items()
    }
    | {
        f"{field}-is-{name}": with_(field, value)
        for field in TEXTS
        for name, value in WRONG_TEXTS.items()
    }
    | {
        f"{field}-is-{name}": with_(field, WRONG_TEXTS[name])
        for field in ("model_version", "snapshot_id")
        for name in ("empty", "nul", "only-nul", "long", "very-long")
    }
    | {f"timestamp-is-{name}": dumped(timestamp=value) for name, value in WRONG_TIMES.items()}
    | {f"confidence-is-{name}": with_("confidence", v) for name, v in WRONG_CONFIDENCES.items()}
    | {
        f"confidence-is-{name}": with_("confidence", WRONG_TYPES[name])
        for name in ("true", "list", "object")
    }
    | {f"count-is-{name}": counted(value) for name, value in WRONG_COUNTS.items()}
    | {
        f"restated-is-{name}": with_("restated", value)
        for name, value in {"null": "null", "one": "1", "text": '"true"', "list": "[]"}.items()
    }
    | {
        "time-is-in-1970": dumped(timestamp="1970-01-01T00:00:00Z"),
        "time-is-in-2199": dumped(timestamp="2199-12-31T23:59:59.999Z"),
        "event-type-in-capitals": dumped(event_type="WORKING"),
        "camera-of-nobody": dumped(camera_id="blind"),
    }
)

# Odd, and still events.
TAKEN = {
    "lower-case-t-and-z": dumped(timestamp="2026-06-16t08:00:00z"),
    "space-for-t": dumped(timestamp="2026-06-16 08:00:00Z"),
    "offset-ahead": dumped(timestamp="2026-06-16T13:45:00+05:45"),
    "offset-of-almost-a-day": dumped(timestamp="2026-06-17T07:59:00+23:59"),
    "unknown-offset": dumped(timestamp="2026-06-16T08:00:00-00:00"),
    "one-digit-of-fraction": dumped(timestamp="2026-06-16T08:00:00.5Z"),
    "nine-digits-of-fraction": dumped(timestamp="2026-06-16T08:00:00.123456789Z"),
    "leap-day": dumped(timestamp="2026-02-28T23:59:59+00:00"),
    "negative-zero-of-confidence": with_("confidence", "-0.0"),
    "smallest-confidence": with_("confidence", "5e-324"),
    "vanishing-confidence": with_("confidence", "1e-400"),
    "whole-confidence": with_("confidence", "1"),
    "confidence-of-many-digits": with_("confidence", "0." + "3" * 1_000),
    "null-confidence": with_("confidence", "null"),
    "no-confidence": without("confidence"),
    "null-camera": with_("camera_id", "null"),
    "null-model": with_("model_version", "null"),
    "null-snapshot": with_("snapshot_id", "null"),
    "longest-model": dumped(model_version="m" * 64),
    "emoji-model": dumped(model_version="🦾" * 64),
    "markup-model": dumped(model_version="<b>%s</b>'\"; --"),
    "control-characters-in-model": dumped(model_version="\x01\x02\x7f\x85"),
    "largest-count": counted("100000"),
    "no-count": counted("null"),
    "zero-count": counted("0"),
    "negative-zero-of-count": counted("-0"),
    "count-of-a-state": dumped(count=1),
    "nonsense-count-of-a-state": dumped(count=["no", {"unit": -1}]),
    "escaped-names": json.dumps(GOOD).replace("worker_id", "\\u0077orker_id"),
    "escaped-values": json.dumps(GOOD).replace('"W1"', '"\\u00571"'),
    "same-field-twice": with_("confidence", "0.5").replace("{", '{"confidence": 0.1, ', 1),
    "blanks-everywhere": json.dumps(GOOD).replace(",", " \t , \t ").replace(":", ": ", 1),
    "unknown-object": dumped(extra={"a": [1, {"b": None}], "": "\0"}),
    "brackets-in-text": dumped(extra="[[[[[[[[[[[[[[[[[[[[{{{{{{{{{{{{{{{{{{{{"),
    "quotes-and-brackets-in-text": dumped(extra='\\"[[[[[[[[[[[[[[[[[[[["\\'),
    "deepest-allowed": nested(DEEPEST),
    "many-unknown-fields": dumped(**{f"field-{n}": n for n in range(2_000)}),
    "long-name": dumped(**{"n" * LONG: 1}),
    "huge-unknown-number": with_("extra", "1" + "0" * 400),
    "proto": dumped(__proto__={"a": 1}, __class__="x", constructor=None),
}

# No JSON by itself, though each is on a line of its own: a bad line, and a bad array.
MALFORMED = {
    "nan": with_("confidence", "NaN"),
    "infinity": with_("confidence", "Infinity"),
    "minus-infinity": with_("confidence", "-Infinity"),
    "lone-high-surrogate": with_("worker_id", '"\\ud800"'),
    "lone-low-surrogate": with_("worker_id", '"\\udc00W1"'),
    "surrogates-in-wrong-order": with_("worker_id", '"\\udc77\\ud83d"'),
    "lone-surrogate-in-unknown-field": with_("extra", '"\\ud800"'),
    "lone-surrogate-in-name": '{"\\ud800": 1}',
    "one-level-too-deep": nested(DEEPEST + 2),
    "three-thousand-levels": nested(3_000),
    "hundred-thousand-levels": nested(100_000),
    "brackets-never-closed": with_("extra", "[" * 5_000),
    "objects-never-closed": '{"a":' * 5_000,
    "single-quotes": str(GOOD),
    "trailing-comma": json.dumps(GOOD)[:-1] + ",}",
    "missing-comma": json.dumps(GOOD).replace(",", "", 1),
    "missing-colon": json.dumps(GOOD).replace(":", "", 1),
    "comment": json.dumps(GOOD)[:-1] + "/* well */}",
    "python-words": with_("restated", "True"),
    "undefined": with_("confidence", "undefined"),
    "leading-zero": with_("confidence", "01"),
    "leading-plus": with_("confidence", "+1"),
    "leading-point": with_("confidence", ".5"),
    "trailing-point": with_("confidence", "1."),
    "hexadecimal": with_("count", "0x1"),
    "bare-exponent": with_("confidence", "1e"),
    "only-a-minus": with_("confidence", "-"),
    "unknown-escape": with_("worker_id", '"\\x41"'),
    "short-unicode-escape": with_("worker_id", '"\\u12"'),
    "control-character-in-text": with_("worker_id", '"W\x01"'),
    "tab-in-text": with_("worker_id", '"W\t1"'),
    "nul-in-text": with_("worker_id", '"W\x001"'),
    "nul-between": json.dumps(GOOD).replace(" ", "\0", 1),
    "no-break-space-between": json.dumps(GOOD).replace(" ", "\u00a0", 1),
    "unquoted-name": "{timestamp: 1}",
    "number-as-name": "{1: 2}",
    "closed-twice": json.dumps(GOOD) + "}",
    "two-in-one": json.dumps(GOOD) * 2,
    "closed-by-the-other-bracket": json.dumps(GOOD)[:-1] + "]",
    "markup": "<event worker='W1'/>",
    "form": "worker_id=W1&workstation_id=S1",
    "yaml": "worker_id: W1",
    "padding": ")]}',",
    "byte-order-mark": "\ufeff" + json.dumps(GOOD),
}

# Bytes in a text that are no UTF-8: the item is JSON by its shape, and refused alone.
NOT_UTF8 = {
    "lone-continuation": b"\x80",
    "cut-sequence": b"\xe2\x82",
    "overlong-slash": b"\xc0\xaf",
    "overlong-nul": b"\xc0\x80",
    "encoded-surrogate": b"\xed\xa0\x80",
    "beyond-unicode": b"\xf4\x90\x80\x80",
    "never-allowed": b"\xfe\xff",
    "latin-1": "Müller".encode("latin-1"),
}


def with_bytes(name: str, value: bytes) -> bytes:
    """The good item with raw bytes in a text."""
    return with_(name, '"?"').encode().replace(b"?", value)


def good(minute: int) -> Json:
    return event(f"09:{minute:02}", worker="W5", camera_id="C1")
