"""Somebody who looks at pages, logged in without typing."""

from urllib.parse import urlsplit

from django.test import Client
from playwright.sync_api import BrowserContext, Locator, Page

from workers.models import User

BACKEND = "workers.authentication.MembershipBackend"


def let_in(context: BrowserContext, user: User, base_url: str) -> None:
    """The context's pages are the user's from now on."""
    client = Client()
    client.force_login(user, backend=BACKEND)
    session = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": base_url}])


def figure(page: Page, name: str) -> Locator:
    """One of the four: units, utilization, present, coverage."""
    return page.locator(f'[data-view="figures.{name}"]')


def row(page: Page, table: str, code: str) -> Locator:
    """A row of the table "workers" or "workstations"."""
    return page.locator(f'[data-list="{table}"] > [data-key="{code}"]')


def path_of(page: Page) -> str:
    """Path and query of where the page is."""
    parts = urlsplit(page.url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
