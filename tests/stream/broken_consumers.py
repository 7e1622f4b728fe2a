"""Consumers with a bug put in on purpose, each put in when they start.

A suite that does not catch them proves little.
"""

import time

from events.stream import consumer, positions


def commits_before_it_stores() -> None:
    store = consumer.Consumer._store_pending

    def hasty(self: consumer.Consumer) -> None:
        pending = list(self._pending)
        if pending:
            self._commit()
            time.sleep(0.2)  # the commit is on its way before anything is stored
            self._pending[:] = pending
        store(self)

    consumer.Consumer._store_pending = hasty


def counts_what_came_before() -> None:
    commit = consumer.Consumer._commit

    def late(self: consumer.Consumer) -> None:
        time.sleep(0.2)  # nearly all of the time between the two commits
        commit(self)

    positions.came_before = lambda *_: False
    consumer.Consumer._commit = late


BUGS = {
    "commits_before_it_stores": commits_before_it_stores,
    "counts_what_came_before": counts_what_came_before,
}
