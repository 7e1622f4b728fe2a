"""One rung: so many cameras on a store, first alone, then with a page open at every site."""

import asyncio
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from time import perf_counter

from bench.ladder.load import Answers, Crowd, Load
from bench.ladder.stores import Store
from bench.processes import Seconds, between, cpu_seconds

WARM_UP_S = 6.0  # every camera has reported once, every connection is open
SLOW_MS = 1_000.0  # answers later than this by the hundred: it does not keep up


@dataclass(frozen=True)
class Rung:
    """What one rung showed. CPU in cores, delays in ms; a page is asked every 3 s."""

    store: str
    cameras: int
    sites: int
    events_per_s: float
    post_p50: float
    post_p99: float
    poll_p50: float
    poll_p99: float
    cores: dict[str, float]  # by part, while pages are open
    ms_per_1000_events: float  # of processor, all parts, no page open
    ms_per_poll: float  # of processor, all parts, on top
    behind_s: float  # from the last answer until all of it was stored
    bad: dict[str, int]

    @property
    def keeps_up(self) -> bool:
        """Whether answers come, and in time."""
        return not self.bad and max(self.post_p99, self.behind_s * 1_000) < SLOW_MS

    def record(self) -> dict[str, object]:
        """As JSON keeps it."""
        return asdict(self) | {"keeps_up": self.keeps_up}


def climb(name: str, store: Store, *, seconds: float) -> Rung:
    """Runs it."""
    warm_up, alone, opened, took = asyncio.run(_stretches(store, seconds))
    began = perf_counter()
    store.wait_until_stored(warm_up.events + alone.events + opened.events)
    behind_s = perf_counter() - began
    quiet, busy = (sum(_cores(store.parts, each).values()) for each in took)
    expected = quiet * opened.events / max(1, alone.events)  # without the pages
    return Rung(
        store=name,
        cameras=len(store.cameras),
        sites=len(store.dashboards),
        events_per_s=opened.events / opened.seconds,
        post_p50=opened.posts.share(0.5),
        post_p99=opened.posts.share(0.99),
        poll_p50=opened.polls.share(0.5),
        poll_p99=opened.polls.share(0.99),
        cores=_cores(store.parts, took[1], opened.seconds),
        ms_per_1000_events=1e6 * quiet / max(1, alone.events),
        ms_per_poll=1e3 * max(0.0, busy - expected) / max(1, len(opened.polls.delays)),
        behind_s=behind_s,
        bad=_bad(alone.posts, opened.posts, opened.polls),
    )


async def _stretches(
    store: Store, seconds: float
) -> tuple[Load, Load, Load, tuple[Seconds, Seconds]]:
    """Warming up, without pages and with them: what came of each; what the last two took."""
    crowd, groups = Crowd(store.port, store.cameras), dict(store.parts)
    loads = [await crowd.go_on(min(WARM_UP_S, seconds), store.dashboards)]
    marks = [cpu_seconds(groups)]
    for pages in ((), store.dashboards):
        loads.append(await crowd.go_on(seconds, pages))
        marks.append(cpu_seconds(groups))
    warm_up, alone, opened = loads
    return warm_up, alone, opened, (between(marks[0], marks[1]), between(marks[1], marks[2]))


def _cores(parts: Iterable[str], took: Seconds, seconds: float = 1.0) -> dict[str, float]:
    return {part: took[part] / seconds for part in parts}


def _bad(*answers: Answers) -> dict[str, int]:
    found: dict[str, int] = {}
    for each in answers:
        for why, count in each.bad.items():
            found[why] = found.get(why, 0) + count
    return found
