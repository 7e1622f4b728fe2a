"""What needs attention, in one line that holds so much."""

from typing import Any

from metrics.shown.scene import Scene
from metrics.shown.wording import DASH, amount, percent, say

Record = dict[str, Any]
View = dict[str, Any]

MOST_ATTENTION = 6  # what one line can hold; the rest stands on the live floor


def attention(scene: Scene) -> View:
    """Each with a link to its workstation."""
    needy = scene.overview["attention"]
    left = len(needy) - MOST_ATTENTION
    return {
        "attention": [_item(item, scene) for item in needy[:MOST_ATTENTION]],
        "more_attention": say("more_attention", n=amount(left)) if left > 0 else "",
        "well": "" if needy else say("all_well"),
    }


def _item(item: Record, scene: Scene) -> View:
    station = item["workstation_id"]
    return {
        "key": f"{item['kind']} {station}",
        "kind": item["kind"],
        "href": scene.links.workstation(station),
        "text": needs(item, scene),
    }


def needs(item: Record, scene: Scene) -> str:
    """What is to be looked at, in words."""
    kind, since = item["kind"], item["since"]
    if kind != "under_target" and not since:
        kind = {"not_seen": "not_seen_now", "empty": "empty_now"}[kind]
    return say(
        kind,
        station=item["workstation_id"],
        time=scene.clock.near(since) if since else DASH,
        # whole percents: a screen reader need not hear every tenth
        attainment=percent(item["target_attainment_pct"], digits=0),
    )
