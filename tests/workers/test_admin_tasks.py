"""The page of background tasks says what the worker does, and whether it does."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils.html import strip_tags
from pytest_django import Settings
from time_machine import TimeMachineFixture

from tests.workers.conftest import BrowserOf

HERE = "tests.workers.errands"
PAGE = "/admin/workers/backgroundtask/"


@pytest.fixture
def superuser(
    browser_of: BrowserOf, settings: Settings, still_clock: TimeMachineFixture, plant: Any
) -> Client:
    settings.WORKER_TASKS = [(f"{HERE}.note", 3600), (f"{HERE}.fail", 60)]
    return browser_of("superuser")


def words(page: Any) -> str:
    text = re.sub(r"\s+", " ", strip_tags(page.content.decode()))
    return text.replace("&#x27;", "'")


def work() -> None:
    with pytest.raises(CommandError):
        call_command("run_worker", "--once")


def test_it_says_what_ran_and_what_failed(superuser: Client) -> None:
    work()
    page = words(superuser.get(PAGE))
    assert re.search(r"errands\.note waits 2026-06-17 18:00:00 0\.0 s 2026-06-17 19:00:00", page)
    assert re.search(r"errands\.fail failing .* ValueError: this went wrong", page)
    assert "isn't running" not in page


def test_it_says_when_nobody_works(superuser: Client, still_clock: TimeMachineFixture) -> None:
    assert "The worker isn't running" in words(superuser.get(PAGE))
    work()
    still_clock.shift(timedelta(hours=2))
    page = words(superuser.get(PAGE))
    assert "The worker isn't running" in page
    assert "errands.note late" in page


def test_tasks_of_another_version_are_not_listed(superuser: Client, settings: Settings) -> None:
    work()
    settings.WORKER_TASKS = [(f"{HERE}.note", 3600)]
    assert "errands.fail" not in words(superuser.get(PAGE))


@pytest.mark.parametrize("rest", ["add/", "1/change/", "1/delete/"])
def test_nobody_changes_them(superuser: Client, rest: str) -> None:
    work()
    assert superuser.post(f"{PAGE}{rest}", {"post": "yes"}).status_code == 403
