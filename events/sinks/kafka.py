"""The sink that hands over to Kafka; `manage.py consume_events` stores what it finds there."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings

from common import clock
from common.instants import to_ms
from events.domain.batch import Batch, Receipt
from events.domain.judgement import Refusal, judge, judge_heartbeat
from events.one_writer import SiteGoneError
from events.sinks.busy import BusyError
from events.stream import positions
from events.stream.messages import MAX_BYTES, Outgoing
from events.stream.producer import Producer
from events.stream.wrapping import Wrapper
from workers.domain.master import MasterData
from workers.keys import Key
from workers.known import Memory, TooOldError

_TOO_OLD = "The database has been away for too long: nobody can say what is known. Send it again."
_TOO_LARGE = Refusal("invalid", f"More than {MAX_BYTES:,} bytes in one event")
_TOPIC_TOO_NARROW = "The topic's max.message.bytes is too small for any event."


class KafkaSink:
    """Answers once the broker has acknowledged everything; needs no database for a while."""

    def __init__(self, memory: Memory | None = None) -> None:
        self._memory = memory or Memory(self._note_ends)
        self._producer = Producer()
        self._noted: dict[int, int] = {}

    def key_for(self, text: str, *, at: datetime) -> Key | None:
        """Whose key this is, as far as is known."""
        try:
            return self._memory.key_for(text, at=at)
        except TooOldError as error:
            raise BusyError(_TOO_OLD) from error

    def store(self, batch: Batch) -> Receipt:
        """Refused items are sent too: the consumer keeps and counts them."""
        refused = self._refused(batch)
        wrapper = Wrapper(self._master(batch).code, batch.sender, batch.newest_at)
        if not batch.message.items:
            if not refused and batch.camera_code is not None:
                self._send([wrapper.heartbeat()])
            return Receipt(0, queued=0, refused=refused)
        self._send_items(batch, wrapper, refused)
        received = len(batch.message.items)
        return Receipt(received, queued=received - len(refused), refused=refused)

    def close(self) -> None:
        """Sends what is under way."""
        self._producer.close()
        self._memory.close()

    def _master(self, batch: Batch) -> MasterData:
        try:
            master = self._memory.now(batch.newest_at).sites.get(batch.site_id)
        except TooOldError as error:
            raise BusyError(_TOO_OLD) from error
        if master is None:
            raise SiteGoneError
        return master

    def _refused(self, batch: Batch) -> dict[int, Refusal]:
        """By index. What is unknown may just be new: if nobody can tell, the consumer judges."""
        refused = _refusals_of(batch, self._master(batch))
        if not any(map(_is_unknown, refused.values())):
            return refused
        if self._memory.renewed():
            return _refusals_of(batch, self._master(batch))
        return {index: refusal for index, refusal in refused.items() if not _is_unknown(refusal)}

    def _send_items(self, batch: Batch, wrapper: Wrapper, refused: dict[int, Refusal]) -> None:
        """Notes as refused what no message can hold."""
        raw = batch.message.raw()
        messages = []
        for index, item in enumerate(batch.message.items):
            if index in refused or isinstance(item, str):
                message = wrapper.refused(raw[index])
            else:
                message = wrapper.event(raw[index], item)
            if len(message.value) > MAX_BYTES:
                message = wrapper.too_large(raw[index], _TOO_LARGE.detail)
                refused[index] = _TOO_LARGE
            messages.append(message)
        larger = self._send(messages)  # than this broker takes
        refused |= dict.fromkeys(larger, _TOO_LARGE)
        if self._send([wrapper.too_large(raw[index], _TOO_LARGE.detail) for index in larger]):
            raise BusyError(_TOPIC_TOO_NARROW)

    def _send(self, messages: Sequence[Outgoing]) -> list[int]:
        return self._producer.send(settings.KAFKA_TOPIC, messages)

    def _note_ends(self) -> None:
        """So that a lag is seen even while no consumer runs."""
        ends = self._producer.ends
        if ends != self._noted:
            now = to_ms(clock.now())
            positions.note_ends(settings.KAFKA_TOPIC, ends, now=now)
            self._noted = ends


def _refusals_of(batch: Batch, master: MasterData) -> dict[int, Refusal]:
    if not batch.message.items:
        refusal = judge_heartbeat(batch.sender, master)
        return {} if refusal is None else {0: refusal}
    found = {}
    for index, item in enumerate(batch.message.items):
        at = batch.received_at[index]
        outcome = judge(item, batch.sender, master, received_at=at, now=batch.now_of(index))
        if isinstance(outcome, Refusal):
            found[index] = outcome
    return found


def _is_unknown(refusal: Refusal) -> bool:
    return refusal.code.startswith("unknown_")
