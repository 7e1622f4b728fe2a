"""Links to a site's own video archive: a template in which an event's camera and time are put."""

import string
from urllib.parse import quote, urlsplit

PLACES = ("camera", "timestamp")


def problem_of(template: str) -> str:
    """Why a template leads nowhere, for people; empty if it does lead somewhere."""
    try:
        parts = list(string.Formatter().parse(template))
    except ValueError:
        return "A brace is left open. Only {camera} and {timestamp} stand in braces."
    places = [place for _, *place in parts if place[0] is not None]
    if any(name not in PLACES or spec or conversion for name, spec, conversion in places):
        return "Only {camera} and {timestamp} stand in braces."
    if any(char.isspace() or not char.isprintable() for char in template):
        return "An address has no spaces."
    try:
        address = urlsplit(filled(template, camera="C", timestamp="T"))
    except ValueError:
        return _NO_ADDRESS
    return "" if address.scheme in ("http", "https") and address.hostname else _NO_ADDRESS


_NO_ADDRESS = "This is no web address: begin with https:// or http://."


def filled(template: str, *, camera: str, timestamp: str) -> str:
    """The address for one event; an empty template gives an empty one."""
    return template.format(camera=quote(camera, safe=""), timestamp=quote(timestamp, safe=""))
