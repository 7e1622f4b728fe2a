"""Events and verdicts in people's words, by codes: not every site shows names."""

from typing import Any

from events.models import Verdict


def number(count: int) -> str:
    """So many events."""
    return "1 event" if count == 1 else f"{count} events"


def line(event: Any) -> str:
    """One event on a line, with what was said of it; `spoken` holds the verdicts that stand."""
    sure = "" if event.confidence is None else f" · {event.confidence:.2f}"
    said = said_of(event.spoken)
    return (
        f"{event.occurred_at:%Y-%m-%d %H:%M:%S} · {event.get_event_type_display()}"
        f" · {event.worker.code} at {event.workstation.code} · {event.camera.code}{sure}"
        + (f" · {said}" if said else "")
    )


def ruling(spoken: list[Verdict]) -> Verdict | None:
    """What a list shows of the verdicts that stand: the one in force, else that nobody can tell."""
    return next((each for each in spoken if each.in_force), spoken[-1] if spoken else None)


def said_of(spoken: list[Verdict]) -> str:
    """In a few words, and by whom."""
    verdict = ruling(spoken)
    if verdict is None:
        return ""
    return f"{said(verdict)} by {verdict.reviewer}"


def said(verdict: Verdict) -> str:
    """What a verdict says, with what was wrong as it is right."""
    if verdict.verdict != Verdict.Kind.RELABELLED:
        return str(verdict.get_verdict_display())
    return f"relabelled {counts_as(verdict)}"


def counts_as(verdict: Verdict) -> str:
    """What the event counts as by a verdict: only what differs from the report."""
    if verdict.worker is None or verdict.workstation is None:
        return "nothing"
    event = verdict.event
    parts = [
        (verdict.event_type != event.event_type, str(verdict.get_event_type_display())),
        (verdict.count != event.count and bool(verdict.count), f"× {verdict.count}"),
        (verdict.worker_id != event.worker_id, verdict.worker.code),
        (verdict.workstation_id != event.workstation_id, f"at {verdict.workstation.code}"),
    ]
    return " · ".join(text for differs, text in parts if differs) or "as reported"
