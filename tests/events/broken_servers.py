"""Servers with a bug put in on purpose, each as a middleware that puts it in when they start.

A suite that does not catch them proves little.
"""

import itertools
import time
from collections.abc import Callable
from typing import Any

import msgspec
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse

from events import projections, store
from events.domain.batch import Batch, Receipt
from events.domain.observation import Observation
from events.sinks import DirectSink, direct

View = Callable[[HttpRequest], Any]


def answers_before_the_commit(get_response: View) -> View:
    store_group = direct._store_group

    def hasty(self: DirectSink, batch: Batch) -> Receipt:
        self._start()
        self._queue.put(direct._Ticket(batch))
        return Receipt(len(batch.message.items), accepted=len(batch.message.items))

    def late(group: Any) -> None:
        time.sleep(0.03)
        store_group(group)

    DirectSink.store, direct._store_group = hasty, late
    return get_response


def adds_up_after_the_commit(get_response: View) -> View:
    project = projections.project

    def late(change: Any) -> None:
        def soon() -> None:
            time.sleep(0.5)  # nearly all of the time between two commits
            with transaction.atomic():
                project(change)

        transaction.on_commit(soon)

    projections.project = late
    return get_response


def stamps_anew(get_response: View) -> View:
    """Each time that an event comes."""
    judge, times = store.judge, itertools.count(time.time_ns() % 50)

    def forgetful(*given: Any, **named: Any) -> Any:
        outcome = judge(*given, **named)
        if isinstance(outcome, Observation):
            late_by = 10 * (next(times) % 50)
            return msgspec.structs.replace(outcome, occurred_at=outcome.occurred_at + late_by)
        return outcome

    store.judge = forgetful
    return get_response


def says_stored_on_a_full_disk(get_response: View) -> View:
    def view(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code != 507:
            return response
        return JsonResponse({"received": 1, "accepted": 1, "duplicate": 0, "refused": []})

    return view


def never_writes_again(get_response: View) -> View:
    """Once the disk was full."""
    failed: list[HttpResponse] = []

    def view(request: HttpRequest) -> HttpResponse:
        response = failed[0] if failed else get_response(request)
        if response.status_code == 507:
            failed.append(response)
        return response

    return view
