"""What ingest needs to know of keys and sites, kept in memory for when the database is away.

A thread of its own looks every few seconds whether anything has changed; nobody who sends events
waits for the database.
"""

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple

from django.db import DatabaseError, InterfaceError, close_old_connections, connections

from common import clock
from common.instants import MINUTE_MS, to_ms
from workers import keys
from workers.domain.keys import split
from workers.domain.master import MasterData
from workers.models import Site
from workers.queries import master_data_at

MAX_AGE_MS = 10 * MINUTE_MS  # beyond that too much may have changed
LOOK_S = 2  # how long a key that was revoked elsewhere may still be taken
AWAY_S = 3  # between looks at a database that is away
PATIENCE_S = 0.5  # for a look that somebody waits for; more, and the database counts as away
FIRST_PATIENCE_S = 5

log = logging.getLogger(__name__)


class TooOldError(Exception):
    """The database has been away for so long that nothing known can be relied on."""


class Known(NamedTuple):
    """Everything, as of a moment."""

    keys: Mapping[str, keys.Known]  # by prefix
    sites: Mapping[int, MasterData]
    at: int


class Memory:
    """One for a process. `chores` are done after each look, while the database is there."""

    def __init__(self, *chores: Callable[[], object]) -> None:
        self._chores = [*chores, self._note_used]
        self._known: Known | None = None
        self._used: dict[int, datetime] = {}
        self._looks = 0
        self._is_away = self._is_looking = self._is_ending = False
        self._asked = threading.Event()
        self._looked = threading.Condition()
        self._thread: threading.Thread | None = None

    def now(self, at: int) -> Known:
        """What is known, at most MAX_AGE_MS old. Raises TooOldError."""
        self._start()
        if self._known is None:
            self.renewed(patience_s=FIRST_PATIENCE_S)
        known = self._known
        if known is None or at - known.at > MAX_AGE_MS:
            raise TooOldError
        return known

    def renewed(self, *, patience_s: float = PATIENCE_S) -> bool:
        """Whether the database could be looked at since this was called."""
        self._start()
        if self._is_away:
            return False
        with self._looked:
            wanted = self._looks + 2 if self._is_looking else self._looks + 1
            self._asked.set()
            if self._looked.wait_for(lambda: self._looks >= wanted or self._is_away, patience_s):
                return not self._is_away
        self._is_away = True  # until a look succeeds, so that nobody else waits for it
        return False

    def key_for(self, text: str, *, at: datetime) -> keys.Key | None:
        """Whose key this is; None if it opens nothing. Raises TooOldError, also if nobody knows."""
        parts = split(text)
        if parts is None:
            return None
        prefix, secret = parts
        found = self.now(to_ms(at)).keys.get(prefix)
        if found is None:
            if not self.renewed():
                raise TooOldError
            found = self.now(to_ms(at)).keys.get(prefix)
        key = found.opened(secret, at=at) if found else None
        if key is not None:
            self._used[key.id] = at
        return key

    def close(self) -> None:
        """Ends the thread and forgets all; it starts again when something is asked."""
        if self._thread is not None:
            self._is_ending = True
            self._asked.set()
            self._thread.join()
        self._thread = self._known = None
        self._is_ending = self._is_away = False

    def _start(self) -> None:
        if self._thread is not None and self._thread.is_alive():
            return
        with self._looked:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="known-sites", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while not self._is_ending:
            self._look()
            close_old_connections()
            self._asked.wait(AWAY_S if self._is_away else LOOK_S)
        connections.close_all()

    def _look(self) -> None:
        with self._looked:
            self._asked.clear()
            self._is_looking = True
        try:
            self._known = read(self._known, at=clock.now())
            for chore in self._chores:
                chore()
        except (DatabaseError, InterfaceError, Site.DoesNotExist) as error:
            if not self._is_away:
                log.warning(
                    "The database can't be used; ingest goes on by what it knows. %s", error
                )
            self._finish(is_away=True)
        else:
            if self._is_away:
                log.info("The database can be used again.")
            self._finish(is_away=False)

    def _finish(self, *, is_away: bool) -> None:
        with self._looked:
            self._is_away, self._is_looking = is_away, False
            self._looks += 1
            self._looked.notify_all()

    def _note_used(self) -> None:
        used, self._used = self._used, {}
        for key_id, at in used.items():
            keys.touch(key_id, at)


def read(before: Known | None, *, at: datetime) -> Known:
    """Everything as it is now; only of sites that have changed more than their revision is read."""
    revisions = dict(Site.objects.order_by("pk").values_list("pk", "master_revision"))
    if before and revisions == {pk: site.revision for pk, site in before.sites.items()}:
        return before._replace(at=to_ms(at))
    sites = {pk: master_data_at(pk, revision) for pk, revision in revisions.items()}
    return Known(keys.all_known(at=at), sites, to_ms(at))
