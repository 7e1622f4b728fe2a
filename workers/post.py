"""Mail to people about their accounts, by the server that settings name."""

import logging
import smtplib
import threading

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from workers.models import Invitation

log = logging.getLogger(__name__)


def send_invitation(invitation: Invitation, *, path: str) -> bool:
    """Whether a mail server took it."""
    context = {"invitation": invitation, "link": f"{settings.PUBLIC_URL}{path}"}
    subject = f"Invitation to {invitation.site}"
    text = render_to_string("registration/invitation_email.txt", context)
    return _send(EmailMessage(subject, text, to=[invitation.email]))


def send_later(message: EmailMessage) -> threading.Thread:
    """Lets the answer go first: how long a mail takes would tell that there is an account."""
    thread = threading.Thread(target=_send, args=[message], name="post")
    thread.start()
    return thread


def _send(message: EmailMessage) -> bool:
    if not settings.SENDS_MAIL:
        return False
    message.extra_headers["Auto-Submitted"] = "auto-generated"
    try:
        return message.send() == 1
    except (OSError, smtplib.SMTPException) as error:
        log.warning("A mail could not be sent: %s", type(error).__name__)
        return False
