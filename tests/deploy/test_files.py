"""What lies in deploy/, compose.yaml and Dockerfile agrees with the program and with its manual."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils.module_loading import import_string
from prometheus_client.core import Metric
from yaml import safe_load

from common.telemetry import COUNTERS
from events.models import StreamPosition
from tests.demo.processes import ROOT

DEPLOY = ROOT / "deploy"
ALERTS = safe_load((DEPLOY / "alerts.yml").read_text())["groups"][0]["rules"]
DASHBOARD = json.loads((DEPLOY / "grafana" / "dashboards" / "factory.json").read_text())
COMPOSE = safe_load((ROOT / "compose.yaml").read_text())
MANUAL = (ROOT / "docs" / "operations.md").read_text()
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
SUFFIXES = {"counter": ("_total",), "gauge": ("",), "histogram": ("_bucket", "_count", "_sum")}
OF_OTHERS = ("PATH", "PYTHON")  # variables that are not ours


def metrics() -> Iterator[Metric]:
    yield from COUNTERS.collect()
    StreamPosition.objects.create(topic=settings.KAFKA_TOPIC, partition=0)
    for path in settings.TELEMETRY_COLLECTORS:
        yield from import_string(path)(0)


@pytest.fixture
def series(db: None) -> set[str]:
    found = {each.name + suffix for each in metrics() for suffix in SUFFIXES[each.type]}
    return found | {"factory_collector_up"}  # of the page itself


def expressions() -> list[str]:
    panels = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]
    return panels + [rule["expr"] for rule in ALERTS]


def read_by_settings() -> set[str]:
    text = (ROOT / "factory_project" / "settings.py").read_text()
    return set(re.findall(r'(?:environ\.get|_switch|_number|_choice)\(\s*"([A-Z_]+)"', text))


def given_to(service: dict[str, Any]) -> set[str]:
    return set(service.get("environment", {}))


def test_dashboard_and_rules_ask_for_what_there_is(series: set[str]) -> None:
    asked = {
        name for each in expressions() for name in re.findall(r"\b(?:factory|process)_\w+", each)
    }
    assert asked - {"process"} <= series
    assert len(asked) > 20


def test_every_figure_is_in_the_manual(series: set[str]) -> None:
    told = set(re.findall(r"`((?:factory|process)_\w+)`", MANUAL))
    assert told == {
        re.sub(r"_(bucket|count|sum)$", "", name) if is_part(name, series) else name
        for name in series
    }


def is_part(name: str, series: set[str]) -> bool:
    return f"{re.sub(r'_(bucket|count|sum)$', '', name)}_bucket" in series


def test_every_alert_is_in_the_manual() -> None:
    names = {rule["alert"] for rule in ALERTS}
    assert {f"`{name}`" for name in names} <= set(re.findall(r"`Factory\w+`", MANUAL))


def test_every_variable_is_in_the_manual_and_none_else() -> None:
    table = MANUAL[MANUAL.index("## Configuration") : MANUAL.index("## Reverse proxy")]
    told = {
        name
        for row in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE)
        for name in re.findall(r"`(\w+)`", row)
    }
    assert told == read_by_settings() - {"PROMETHEUS_MULTIPROC_DIR"}


@pytest.mark.parametrize("name", ["app", "worker", "consumer"])
def test_services_get_variables_that_settings_read(name: str) -> None:
    assert given_to(COMPOSE["services"][name]) <= read_by_settings()


def test_image_sets_variables_that_settings_read() -> None:
    text = (ROOT / "Dockerfile").read_text()
    lines = " ".join(re.findall(r"^ENV ((?:.*\\\n)*.*)$", text, re.MULTILINE))
    names = {name for name in re.findall(r"\b([A-Z_]+)=", lines) if not name.startswith(OF_OTHERS)}
    assert names == {"HOST", "PORT", "DATA_DIR", "STATIC_DIR"}
    assert names <= read_by_settings()


def test_example_of_secrets_names_what_compose_asks_for() -> None:
    asked = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "compose.yaml").read_text()))
    example = (DEPLOY / "factory.env.example").read_text()
    named = set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE))
    assert asked - {"FACTORY_TAG"} == named


def test_services_are_bounded_and_stop_politely() -> None:
    for name, service in COMPOSE["services"].items():
        assert service["deploy"]["resources"]["limits"].keys() == {"cpus", "memory"}, name


@pytest.mark.parametrize("name", ["app", "worker", "consumer"])
def test_our_services_write_nothing_but_their_data(name: str) -> None:
    service = COMPOSE["services"][name]
    assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
    assert [volume.split(":")[1] for volume in service["volumes"]] == ["/data"]


def test_commands_of_all_services_exist() -> None:
    from django.core.management import get_commands  # noqa: PLC0415

    services = [service.get("command", []) for service in COMPOSE["services"].values()]
    started = {words[2] for words in services if words[:2] == ["python", "manage.py"]}
    started |= {re.findall(r"manage\.py (\w+)", unit.read_text())[0] for unit in UNITS}
    assert started == {"serve", "run_worker", "consume_events"}
    assert started <= get_commands().keys()


def test_image_holds_all_that_runs() -> None:
    kept = set(re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE))
    packages = {path.parent.name for path in ROOT.glob("*/apps.py")}
    assert packages | {"factory_project", "templates", "static", "manage.py"} <= kept
    assert all((ROOT / name).exists() for name in kept)


def test_paths_in_files_are_those_of_the_repository() -> None:
    mounts = [each for each in COMPOSE["services"]["prometheus"]["volumes"] if each[0] == "."]
    mounts += [each for each in COMPOSE["services"]["grafana"]["volumes"] if each[0] == "."]
    assert len(mounts) == 4
    assert all(Path(ROOT, each.split(":")[0]).exists() for each in mounts)
