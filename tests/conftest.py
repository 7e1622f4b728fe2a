"""What all tests share."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from hypothesis import settings as hypothesis
from time_machine import TimeMachineFixture

from events import sinks
from tests import fault_profile
from tests.broker import Broker, new_broker
from tests.floor import NOW, Floor, forget

HERE = Path(__file__).parent
MARKED_FOLDERS = ("browser", "edge")

if "CI" not in os.environ:  # there Hypothesis chooses its own profile "ci": repeatable, no deadline
    hypothesis.register_profile("here", deadline=None)  # no test looks at a clock
    hypothesis.load_profile("here")


@pytest.hookimpl(tryfirst=True)  # before `-m` deselects
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        for folder in MARKED_FOLDERS:
            if item.path.is_relative_to(HERE / folder):
                item.add_marker(folder)
    if connection.vendor != "sqlite":  # the run with SQLite does what meets no database
        config.hook.pytest_deselected(items=[item for item in items if not _meets_it(item)])
        items[:] = filter(_meets_it, items)


def _meets_it(item: pytest.Item) -> bool:
    asked = getattr(item, "fixturenames", ())
    return bool(item.get_closest_marker("django_db") or {"db", "transactional_db"} & {*asked})


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Nothing is skipped in CI."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if "CI" in os.environ and reporter and reporter.stats.get("skipped"):
        reporter.write_line("\nA test was skipped, and in CI nothing may be.", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What the faults have done."""
    if fault_profile.ACCOUNTS:
        terminalreporter.section("faults")
        for line in fault_profile.lines():
            terminalreporter.write_line(line)


@pytest.fixture(autouse=True, scope="session")
def files_are_looked_for_when_asked() -> None:
    """Else each new client lists all static files before its first request."""
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture(autouse=True, scope="session")
def pictures_are_kept_elsewhere(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Not among those of the developer's own database."""
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("snapshots")
    settings.EXPORTS_ROOT = tmp_path_factory.mktemp("retraining")


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    """Not by this process, of the rows that a test took back; no writer holds a connection."""
    yield
    forget()
    sinks.close()


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """One for all tests; each takes a topic of its own."""
    with new_broker(tmp_path_factory.mktemp("broker")) as running:
        yield running


@pytest.fixture
def still_clock(time_machine: TimeMachineFixture) -> TimeMachineFixture:
    """The clock stands at `tests.floor.NOW`; `move_to` and `shift` set it elsewhere."""
    time_machine.move_to(NOW, tick=False)
    return time_machine


@pytest.fixture
def floor(db: None, still_clock: TimeMachineFixture) -> Floor:
    """A small factory, seen the day after."""
    return Floor()
