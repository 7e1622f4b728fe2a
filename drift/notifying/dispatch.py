"""Sends what waits in the outbox, each receiver in a lane of its own.

The database is used by one thread, which claims messages and notes how they went; the others only
talk to receivers. A message is claimed by moving its next try behind the time that a try may take,
so a worker that dies loses nothing: the message is tried again, and receivers know it by its id.
"""

import logging
import random
import time
from collections import Counter
from collections.abc import Collection
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import NamedTuple

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from common import dialect
from common.instants import SECOND_MS, to_datetime, to_ms
from drift.domain import delivery
from drift.domain.delivery import CLAIM_MS, Outcome
from drift.models import Kind, OutboxMessage, Recipient, Webhook
from drift.notifying import outbox
from drift.notifying.parcels import Send, UndeliverableError, parcel_of

TAKING_MS = 60 * SECOND_MS  # then it ends even if there is always something, so a worker can stop
LOOK_S = 0.5  # how long a new message may wait while others are under way
WINDOW = 100  # messages looked at in one go
WAS_AWAY = 5  # failures in a row; then all that waited is tried as soon as the receiver is back
# Each half of them for receivers that failed last, so that the dead leave room for the living.
LANES = {OutboxMessage.Channel.MAIL: 4, OutboxMessage.Channel.WEBHOOK: 12}

Lane = tuple[str, int | None]
Flying = dict["Future[Outcome]", OutboxMessage]
log = logging.getLogger(__name__)


class Parcel(NamedTuple):
    """A claimed message, and what to do with it."""

    message: OutboxMessage
    send: Send


def send_due(now_ms: int) -> None:
    """A background task: all that is due, and what falls due while that goes on."""
    begun = time.monotonic()
    flying: Flying = {}
    with ThreadPoolExecutor(sum(LANES.values())) as pool:
        while True:
            passed = int((time.monotonic() - begun) * 1_000)
            if passed < TAKING_MS:
                for message, send in _take(flying.values(), now_ms + passed):
                    flying[pool.submit(_try, send)] = message
            if not flying:
                return
            _land(flying, now_ms, begun)


def _try(send: Send) -> Outcome:
    try:
        return send()
    except Exception:
        log.exception("A message could not be sent, by a fault of ours.")
        return delivery.failed("A fault of ours; it has been logged.")


def _land(flying: Flying, now_ms: int, begun: float) -> None:
    for landed in wait(flying, LOOK_S, FIRST_COMPLETED).done:
        passed = int((time.monotonic() - begun) * 1_000)
        _settle(flying.pop(landed), landed.result(), now_ms + passed)


# --- Taking: one message at a time for each receiver, as far as there are lanes -------------------


def _take(flying: Collection[OutboxMessage], now: int) -> list[Parcel]:
    under_way = list(flying)
    taken = []
    for message in _due(now, under_way):
        if not _has_lane(message, under_way) or not _claim(message, now):
            continue
        try:
            send = parcel_of(message, now_ms=now)
        except UndeliverableError as error:
            _settle(message, delivery.failed(str(error), is_final=True), now)
            continue
        taken.append(Parcel(message, send))
        under_way.append(message)
    return taken


def _due(now: int, under_way: Collection[OutboxMessage]) -> "QuerySet[OutboxMessage]":
    """What is due for receivers that neither rest nor have one under way, the sound ones first."""
    return (
        OutboxMessage.objects.filter(sent_at=None, gave_up=False, next_try_at__lte=now)
        .filter(Q(kind=Kind.TEST) | _is_rested("recipient", now) & _is_rested("webhook", now))
        .exclude(recipient__in=[each.recipient_id for each in under_way if each.recipient_id])
        .exclude(webhook__in=[each.webhook_id for each in under_way if each.webhook_id])
        .select_related("site", "recipient__user", "webhook")
        .order_by(Coalesce("recipient__failures", "webhook__failures", 0), "next_try_at", "id")[
            :WINDOW
        ]
    )


def _is_rested(receiver: str, now: int) -> Q:
    return Q(**{f"{receiver}__rests_until": None}) | Q(**{f"{receiver}__rests_until__lte": now})


def _has_lane(message: OutboxMessage, under_way: Collection[OutboxMessage]) -> bool:
    if _lane(message) in map(_lane, under_way):
        return False
    lanes = Counter(each.channel for each in under_way)
    dead = Counter(each.channel for each in under_way if _is_failing(each))
    room = LANES[OutboxMessage.Channel(message.channel)]
    if _is_failing(message) and dead[message.channel] >= room // 2:
        return False
    return lanes[message.channel] < room


def _lane(message: OutboxMessage) -> Lane:
    return message.channel, message.recipient_id or message.webhook_id


def _is_failing(message: OutboxMessage) -> bool:
    receiver = _receiver(message)
    return receiver is not None and receiver.failures > 0


def _receiver(message: OutboxMessage) -> Recipient | Webhook | None:
    return message.recipient or message.webhook


def _claim(message: OutboxMessage, now: int) -> bool:
    """Whether it is ours: of workers that see it at once, one gets it."""
    until = now + CLAIM_MS
    won = _held(message).update(next_try_at=until, attempts=F("attempts") + 1)
    message.next_try_at, message.attempts = to_datetime(until), message.attempts + 1
    return bool(won)


def _held(message: OutboxMessage) -> "QuerySet[OutboxMessage]":
    return OutboxMessage.objects.filter(
        pk=message.pk, next_try_at=message.next_try_at, sent_at=None, gave_up=False
    )


# --- Settling: how it went, for the message and for its receiver ----------------------------------


@dialect.retried
def _settle(message: OutboxMessage, outcome: Outcome, now: int) -> None:
    with transaction.atomic():
        if outcome.is_sent:
            OutboxMessage.objects.filter(pk=message.pk).update(sent_at=now, gave_up=False, error="")
        else:
            _note_failure(message, outcome, now)
        receiver = _receiver(message)
        if receiver is not None:
            _note_on(receiver, message, outcome, now)


def _note_failure(message: OutboxMessage, outcome: Outcome, now: int) -> None:
    is_last = outcome.is_final or outcome.is_gone or message.kind == Kind.TEST
    if is_last or now >= to_ms(message.give_up_at):
        tries = f"{message.attempts} tries" if message.attempts > 1 else "one try"
        _held(message).update(gave_up=True, error=f"{outcome.said} Given up after {tries}.")
        if message.kind != Kind.TEST:  # whoever asked for one looks at what came of it
            log.warning("Message %s was given up: %s", message.message_id, outcome.said)
        return
    pause = max(_rest_ms(message.attempts), _asked_rest_ms(outcome))
    next_try_at = min(now + pause, to_ms(message.give_up_at))
    _held(message).update(next_try_at=next_try_at, error=outcome.said)


def _note_on(
    receiver: Recipient | Webhook, message: OutboxMessage, outcome: Outcome, now: int
) -> None:
    own = type(receiver)._default_manager.filter(pk=receiver.pk)
    own.update(last_tried_at=now, last_result=outcome.said[:300])
    if outcome.is_sent:
        own.update(failures=0, rests_until=None)
        if receiver.failures >= WAS_AWAY:
            outbox.wake(receiver, now_ms=now)
    elif outcome.is_gone:
        own.update(is_active=False)
    elif message.kind != Kind.TEST and not outcome.is_final:
        rest = max(_rest_ms(receiver.failures + 1), _asked_rest_ms(outcome))
        own.update(failures=F("failures") + 1, rests_until=now + rest)


def _rest_ms(failures: int) -> int:
    return delivery.rest_ms(failures, chance=random.random())  # noqa: S311 - spread, no secret


def _asked_rest_ms(outcome: Outcome) -> int:
    return min(outcome.rest_s * SECOND_MS, delivery.LONGEST_REST_MS)
