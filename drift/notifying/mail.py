"""Sends one e-mail, by the server that settings name."""

import smtplib
from typing import NamedTuple

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from drift.domain import delivery
from drift.domain.delivery import Outcome


class Letter(NamedTuple):
    """All that is needed to send it."""

    to: str
    subject: str
    text: str
    message_id: str


class NoServerError(Exception):
    """Nothing has been said of how mail leaves."""


class NoServerBackend(BaseEmailBackend):
    """Where EMAIL_URL is not set in production: says so instead of losing mail."""

    def send_messages(self, email_messages: object) -> int:
        """Raises NoServerError."""
        raise NoServerError


def send(letter: Letter) -> Outcome:
    """One try. Never raises for what a mail server or the network does."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    message = EmailMessage(
        letter.subject,
        letter.text,
        to=[letter.to],
        headers={
            "Message-ID": f"<{letter.message_id}@{domain}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    try:
        message.send()
    except NoServerError:
        return delivery.failed("No mail server is set: EMAIL_URL.")
    except smtplib.SMTPRecipientsRefused as error:
        code, _ = next(iter(error.recipients.values()))
        return delivery.failed(f"The address was refused ({code}).", is_final=code >= 500)
    except smtplib.SMTPException as error:
        return delivery.failed(f"The mail server refused it: {_code_of(error)}.")
    except OSError as error:
        return delivery.failed(f"No connection to the mail server: {error.strerror or 'closed'}.")
    return delivery.sent("Handed to the mail server.")


def _code_of(error: smtplib.SMTPException) -> str:
    return str(getattr(error, "smtp_code", type(error).__name__))
