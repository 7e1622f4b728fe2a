"""Results as a table for people, and as JSON."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.catalogue import CATALOGUE, Budget
from bench.harness import Outcome

HEADINGS = ("name", "what", "ours", "counterpart", "ratio (rounds)", "must", "aim", "verdict")

Results = dict[str, dict[str, Any]]  # by name of the benchmark; what JSON holds


def record(budget: Budget, outcome: Outcome) -> dict[str, Any]:
    """An outcome as JSON keeps it."""
    return {
        **asdict(outcome),
        "what": budget.what,
        "against": budget.against,
        "measured": outcome.measured,
        "must": str(budget.must),
        "must_reached": budget.must.is_reached(outcome.measured),
        "aim": str(budget.aim),
        "aim_reached": budget.aim.is_reached(outcome.measured),
    }


def keep(file: Path, results: Results) -> Results:
    """Adds to what the file holds, in the order of the catalogue; gives all of it."""
    known = read(file) | results
    ordered = {name: known[name] for name in CATALOGUE if name in known}
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(ordered, indent=1))
    return ordered


def read(file: Path) -> Results:
    """What was measured last, of each benchmark."""
    known: Results = json.loads(file.read_text()) if file.exists() else {}
    return known


def plain(results: Results) -> str:
    """Columns in line."""
    rows = [HEADINGS, *(_cells(name, each) for name, each in results.items())]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def markdown(results: Results) -> str:
    """README's table."""
    rows = [HEADINGS, ("---",) * len(HEADINGS)]
    rows += [_cells(name, each) for name, each in results.items()]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _cells(name: str, of: dict[str, Any]) -> tuple[str, ...]:
    return (
        name,
        f"{of['what']}, against {of['against']}" if of["against"] else of["what"],
        _amount(of["ours"], of["unit"]),
        "–" if of["counterpart"] is None else _amount(of["counterpart"], of["unit"]),
        _ratio(of),
        of["must"],
        of["aim"],
        _verdict(of),
    )


def _amount(value: float, unit: str) -> str:
    return f"{value:,.0f} {unit}"


def _ratio(of: dict[str, Any]) -> str:
    if not of["ratios"]:
        return "–"
    low, high = min(of["ratios"]), max(of["ratios"])
    return f"{of['measured']:.3g} ({low:.3g}–{high:.3g})"


def _verdict(of: dict[str, Any]) -> str:
    must, aim = ("reached" if of[f"{limit}_reached"] else "missed" for limit in ("must", "aim"))
    return f"must {must}, aim {aim}"
