"""Every benchmark runs, on tiny data; what it measures means nothing then, and nobody looks."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench.catalogue import CATALOGUE

ROOT = Path(__file__).parents[2]


def bench(*words: str | Path) -> str:
    command = [sys.executable, "-m", "bench", *map(str, words)]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3_000:]
    return done.stdout


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("bench") / "results.json"
    bench("--tiny", "--output", file)
    return file


@pytest.fixture(scope="module")
def measured(results: Path) -> dict[str, Any]:
    kept: dict[str, Any] = json.loads(results.read_text())
    return kept


def test_all_benchmarks_are_kept_as_json(measured: dict[str, Any]) -> None:
    assert list(measured) == list(CATALOGUE)


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_benchmark_measures_something(measured: dict[str, Any], name: str) -> None:
    assert measured[name]["measured"] > 0


def test_the_last_results_are_printed_for_the_readme(results: Path) -> None:
    lines = bench("--markdown", "--output", results).splitlines()
    assert len(lines) == 2 + len(CATALOGUE)
    assert all(line.startswith("| ") for line in lines)
