"""Requests drawn by lot: good ones with anything in any field, in any wrapping, and bytes amiss."""

import gzip
import json
from typing import Any

from hypothesis import strategies as st

from tests.events.hostile_bodies import Body
from tests.events.hostile_items import FIELDS, GOOD, good

JSON = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=70),
        st.datetimes().map(lambda moment: f"{moment.isoformat()}Z"),
    ),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(), inside, max_size=3),
    max_leaves=6,
)
NAMES = st.sampled_from([*FIELDS, "count", "restated", "seq", "seq_run", "snapshot_id", "extra"])

KNOWN = st.fixed_dictionaries(
    {
        "worker_id": st.sampled_from(("W1", "W2", "nobody")),
        "workstation_id": st.sampled_from(("S1", "S2", "nowhere")),
        "event_type": st.sampled_from(("working", "idle", "absent", "product_count")),
    }
)


@st.composite
def items(draw: st.DrawFn) -> Any:
    """Something like an event."""
    if draw(st.integers(0, 9)) == 0:
        return draw(JSON)
    item = GOOD | draw(KNOWN) | draw(st.dictionaries(NAMES, JSON, max_size=3))
    for name in draw(st.lists(NAMES, max_size=2)):
        item.pop(name, None)
    return item


@st.composite
def bodies(draw: st.DrawFn) -> Body:
    """Each of them may be a good one."""
    many = [good(1), *draw(st.lists(items(), max_size=4))]
    kind = draw(st.sampled_from(["object", "array", "envelope", "lines"]))
    if kind == "lines":
        raw = "\n".join(map(json.dumps, many)).encode()
    elif kind == "envelope":
        raw = json.dumps({"events": many, "camera_id": draw(st.just("C1") | JSON)}).encode()
    else:
        raw = json.dumps(many if kind == "array" else many[-1]).encode()
    raw = draw(st.just(raw) | amiss(raw))
    headers = {"Content_Type": "application/x-ndjson"} if kind == "lines" else {}
    if draw(st.booleans()):
        raw, headers = gzip.compress(raw), headers | {"Content_Encoding": "gzip"}
        raw = draw(st.just(raw) | amiss(raw))
    return Body(raw, headers)


@st.composite
def amiss(draw: st.DrawFn, raw: bytes) -> bytes:
    """Some bytes of it are others, or gone."""
    start = draw(st.integers(0, len(raw)))
    end = draw(st.integers(start, min(len(raw), start + 8)))
    return raw[:start] + draw(st.binary(max_size=8)) + raw[end:]
