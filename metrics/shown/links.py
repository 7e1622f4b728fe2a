"""Addresses of a site's pages, with the period kept: drill down and back."""

from dataclasses import dataclass
from urllib.parse import quote

UNESCAPED = "!~*'()"  # as JavaScript's encodeURIComponent has it


@dataclass(frozen=True, slots=True)
class Links:
    """`base`: the site's own address, `/sites/F1/`; `query`: the period, `?period=shift`."""

    base: str
    query: str

    def page(self, path: str = "", **more: str) -> str:
        """A page of the site: `floor`; none: its overview."""
        extra = "".join(f"&{name}={quote(value, safe=UNESCAPED)}" for name, value in more.items())
        folder = f"{path}/" if path else ""
        return f"{self.base}{folder}{self.query}{extra}"

    def site(self, code: str, path: str = "") -> str:
        """A page of another site."""
        root = self.base[: self.base.rindex("/", 0, -1) + 1]
        return Links(f"{root}{_part(code)}/", self.query).page(path)

    def worker(self, code: str) -> str:
        """A worker's own page."""
        return self.page(worker_path(code))

    def workstation(self, code: str) -> str:
        """A workstation's own page."""
        return self.page(workstation_path(code))


def worker_path(code: str) -> str:
    """Where a worker's page lies below the site's."""
    return f"workers/{_part(code)}"


def workstation_path(code: str) -> str:
    """Where a workstation's page lies below the site's."""
    return f"workstations/{_part(code)}"


def _part(code: str) -> str:
    """A code as one part of a path; metrics.pages.urls takes it apart again."""
    return quote(code.replace("%", "%25").replace("/", "%2F"), safe=UNESCAPED)
