"""What people get by e-mail, and what becomes of it when the mail server does not want it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from pytest_django import Settings

from common.instants import to_ms
from drift.models import OutboxMessage, Recipient
from drift.notifying.mail import NoServerError
from tests.drift.post_office import PostOffice, post_office
from tests.drift.postbox import Postbox, now_ms
from workers.models import Membership


@pytest.fixture(autouse=True)
def office(settings: Settings) -> Iterator[PostOffice]:
    with post_office() as one:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", one.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.DEFAULT_FROM_EMAIL = "Factory <factory@example.com>"
        yield one


def test_a_letter_says_what_happened_where_and_why_one_gets_it(
    postbox: Postbox, office: PostOffice, settings: Settings
) -> None:
    settings.PUBLIC_URL = "https://factory.example.com"
    postbox.recipient("desk@example.com")
    postbox.announce(data={"path": "/admin/drift/alert/7/change/"})
    postbox.send()
    (letter,) = office.letters
    assert letter["Subject"] == "[F1] Camera C1 sees worse"
    assert (letter["From"], letter["To"]) == ("Factory <factory@example.com>", "desk@example.com")
    assert letter["Message-ID"] == f"<{postbox.message().message_id}@example.com>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter.get_payload().replace("\r\n", "\n") == (
        "The mean fell from .93 to .85.\n\n"
        "https://factory.example.com/admin/drift/alert/7/change/\n\n"
        "-- \nYou get this because an admin of Plant F1 has put you on its list of recipients; "
        "they can change what you are told about.\n"
    )
    assert postbox.states() == ["sent"]


def test_a_member_gets_it_at_their_own_address_of_the_moment(
    postbox: Postbox, office: PostOffice
) -> None:
    user = postbox.member("ada").user
    assert user
    postbox.announce()
    user.email = "new@example.com"
    user.save()
    postbox.send()
    assert office.letters[0]["To"] == "new@example.com"


def test_nobody_sees_who_else_gets_it(postbox: Postbox, office: PostOffice) -> None:
    for name in ("a", "b", "c"):
        postbox.recipient(f"{name}@example.com")
    postbox.announce()
    postbox.send()
    assert sorted(letter["To"] for letter in office.letters) == [
        "a@example.com",
        "b@example.com",
        "c@example.com",
    ]
    assert not [letter for letter in office.letters if letter["Cc"]]


@pytest.mark.parametrize("way", ["left", "suspended", "deactivated", "without address", "off"])
def test_who_may_no_longer_know_is_told_nothing(
    postbox: Postbox, office: PostOffice, way: str
) -> None:
    user = postbox.member("ada").user
    assert user
    postbox.announce()
    if way == "left":
        Membership.objects.all().delete()
    if way == "suspended":
        Membership.objects.update(is_active=False)
    if way == "off":
        Recipient.objects.update(is_active=False)
    user.is_active = way != "deactivated"
    user.email = "" if way == "without address" else user.email
    user.save()
    postbox.send()
    assert (office.letters, postbox.states()) == ([], ["failed"])


def test_a_superuser_need_be_no_member(postbox: Postbox, office: PostOffice) -> None:
    postbox.member("root", is_superuser=True)
    Membership.objects.all().delete()
    postbox.announce()
    postbox.send()
    assert office.letters[0]["To"] == "root@example.com"


def test_an_address_that_does_not_exist_is_given_up_at_once(
    postbox: Postbox, office: PostOffice
) -> None:
    office.refusals["RCPT"] = b"550 no such user"
    postbox.recipient("nobody@example.com")
    postbox.announce()
    postbox.send()
    assert postbox.states() == ["failed"]
    assert postbox.message().error == "The address was refused (550). Given up after one try."


@pytest.mark.parametrize(
    "command, said",
    [
        ("RCPT", "The address was refused (450)."),
        ("MAIL", "The mail server refused it: 450."),
        ("DATA", "The mail server refused it: 450."),
    ],
)
def test_what_passes_is_tried_again(
    postbox: Postbox, office: PostOffice, command: str, said: str
) -> None:
    office.refusals[command] = b"450 later"
    postbox.recipient("desk@example.com")
    postbox.announce()
    postbox.send()
    assert (postbox.states(), postbox.message().error) == (["trying again"], said)
    office.refusals.clear()
    postbox.move_to_next_try()
    postbox.send()
    assert (postbox.states(), len(office.letters)) == (["sent"], 1)


def test_a_mail_server_that_is_away_is_waited_for(
    postbox: Postbox, office: PostOffice, settings: Settings
) -> None:
    postbox.recipient("desk@example.com")
    postbox.announce()
    settings.EMAIL_PORT = 9  # nobody listens there
    postbox.send()
    assert postbox.message().error == "No connection to the mail server: Connection refused."
    settings.EMAIL_PORT = office.port
    postbox.move_to_next_try()
    postbox.send()
    assert postbox.states() == ["sent"]


def test_without_a_mail_server_it_says_what_is_missing(
    postbox: Postbox, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "drift.notifying.mail.NoServerBackend"
    postbox.recipient("desk@example.com")
    postbox.announce()
    postbox.send()
    assert postbox.message().error == "No mail server is set: EMAIL_URL."
    assert postbox.states() == ["trying again"]
    with pytest.raises(NoServerError):
        EmailMessage("a", "b", to=["c@example.com"]).send()


def test_failing_mail_does_not_hold_up_mail_to_others(postbox: Postbox, office: PostOffice) -> None:
    postbox.recipient("broken@example.com", failures=4, rests_until=now_ms() + 60_000)
    postbox.recipient("desk@example.com")
    postbox.announce()
    postbox.send()
    assert [letter["To"] for letter in office.letters] == ["desk@example.com"]
    postbox.move(timedelta(minutes=1))
    postbox.send()
    assert len(office.letters) == 2
    assert to_ms(OutboxMessage.objects.latest("sent_at").sent_at) >= now_ms()
