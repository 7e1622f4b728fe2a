"""The part of a long list that a page shows: the rows that are looked for, fifty at a time."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from metrics.shown.links import Links
from metrics.shown.rows import beside
from metrics.shown.wording import amount, say

Record = dict[str, Any]
View = dict[str, Any]

AT_ONCE = 50  # rows that can be looked through; a list of no more is shown as a whole
LONGEST_FIND = 100  # characters: longer than what people look for
_LONGEST_NUMBER = 9  # digits of a page; others are none


@dataclass(frozen=True, slots=True)
class Part:
    """What is looked for in codes and names, and which page of what is found.

    `kept`: parameters beside the period that stay in the address meanwhile.
    """

    find: str = ""
    page: int = 1
    kept: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, given: Mapping[str, str], kept: Mapping[str, str]) -> "Part":
        """As an address asks for it; a page that is none is the first."""
        page = given.get("page", "")
        is_number = page.isascii() and page.isdigit() and len(page) < _LONGEST_NUMBER
        return cls(find_in(given), int(page) if is_number else 1, kept)


WHOLE = Part()


def find_in(given: Mapping[str, str]) -> str:
    """What an address looks for; empty: nothing."""
    return given.get("find", "").strip()[:LONGEST_FIND]


def part_of(
    records: list[Record], subject: str, links: Links, path: str, part: Part
) -> tuple[list[Record], View]:
    """The records to show, and the line above them.

    `subject`: the field with their codes; `path`: where the page lies below the site's.
    """
    found = [record for record in records if _is_like(record, subject, part.find.lower())]
    last = max(1, -(-len(found) // AT_ONCE))
    page = min(max(1, part.page), last)
    first = (page - 1) * AT_ONCE
    shown = found[first : first + AT_ONCE]
    return shown, {
        "few": "" if part.find or len(records) > AT_ONCE else "hidden",
        "count": _count(first, len(shown), len(found), len(records), part.find),
        "none": say("none_found", find=part.find) if records and not found else "",
        "previous": _link(links, path, part, page - 1) if page > 1 else "",
        "next": _link(links, path, part, page + 1) if page < last else "",
        "all": links.page(path, **part.kept) if part.find else "",
    }


def _is_like(record: Record, subject: str, wanted: str) -> bool:
    """Whether code and name, as they stand beside each other, have these characters."""
    code = record[subject]
    return wanted in f"{code} {beside(record['name'], code)}".lower()


def _count(first: int, shown: int, found: int, whole: int, find: str) -> str:
    if not shown:
        return say("part_empty", whole=amount(whole)) if whole else ""
    numbers = {
        "first": amount(first + 1),
        "last": amount(first + shown),
        "found": amount(found),
        "whole": amount(whole),
    }
    return say("part_found" if find else "part", **numbers)


def _link(links: Links, path: str, part: Part, page: int) -> str:
    find = {"find": part.find} if part.find else {}
    number = {"page": str(page)} if page > 1 else {}
    return f"{links.page(path, **part.kept, **find, **number)}#list"
