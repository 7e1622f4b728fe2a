"""A site with receivers, and what a test of the outbox says to it."""

import ipaddress
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from common import clock
from common.instants import to_ms
from drift.models import Kind, OutboxMessage, Recipient, Webhook
from drift.notifying import outbox, signing
from drift.notifying.dispatch import send_due
from tests.drift.receivers import Server
from workers.models import Membership, Site, User

LOOPBACK = [ipaddress.ip_network("127.0.0.0/8")]


class Postbox:
    """Of one site; the clock is the test's."""

    def __init__(self, settings: Any, move: Callable[[timedelta], None], code: str = "F1") -> None:
        settings.WEBHOOK_NETWORKS, settings.WEBHOOK_PLAIN_HTTP = LOOPBACK, True
        self.move = move
        self.site = Site.objects.create(code=code, name=f"Plant {code}")
        self.secrets: dict[int, str] = {}

    def webhook(self, to: Server | str, **more: Any) -> Webhook:
        url = to if isinstance(to, str) else to.url
        row = Webhook(site=self.site, url=url, **more)
        text = signing.issue(row)
        row.full_clean()
        row.save()
        self.secrets[row.pk] = text
        return row

    def recipient(self, address: str, **more: Any) -> Recipient:
        return Recipient.objects.create(site=self.site, address=address, **more)

    def member(self, name: str, **more: Any) -> Recipient:
        user = User.objects.create_user(name, email=f"{name}@example.com", **more)
        Membership.objects.create(user=user, site=self.site, role="viewer")
        return Recipient.objects.create(site=self.site, user=user)

    def announce(self, subject: str = "Camera C1 sees worse", **more: Any) -> None:
        given = {
            "kind": Kind.ALERT_OPENED,
            "text": "The mean fell from .93 to .85.",
            "data": {"camera_id": "C1"},
            **more,
        }
        outbox.announce(site_id=self.site.pk, subject=subject, at=now_ms(), **given)

    def send(self) -> None:
        send_due(now_ms())

    def message(self) -> OutboxMessage:
        return OutboxMessage.objects.get()

    def states(self) -> list[str]:
        return [each.state for each in OutboxMessage.objects.order_by("id")]

    def move_to_next_try(self) -> None:
        self.move_to(min(each.next_try_at for each in self.waiting()))

    def waiting(self) -> list[OutboxMessage]:
        return list(OutboxMessage.objects.filter(sent_at=None, gave_up=False))

    def move_to(self, moment: Any) -> None:
        rests = [
            each.rests_until
            for model in (Recipient, Webhook)
            for each in model.objects.exclude(rests_until=None)
        ]
        self.move(max([moment, *rests]) - clock.now())


def now_ms() -> int:
    return to_ms(clock.now())
