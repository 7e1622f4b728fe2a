"""Fills an empty database with the sites of a rung."""

import json
import os
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any

from bench.environment import ROOT
from bench.ladder.floors import Camera, Dashboard

CAMERAS_PER_SITE = 100
WORKERS_PER_CAMERA = 6


def seeded(url: str, folder: Path, cameras: int) -> tuple[list[Camera], list[Dashboard]]:
    """So many cameras, at most 100 a site, and a page for each site."""
    sites = -(-cameras // CAMERAS_PER_SITE)
    plan = folder / "plan.json"
    _manage(url, "migrate", "--verbosity=0")
    _manage(
        url,
        "seed_sites",
        f"--sites={sites}",
        f"--cameras={cameras // sites}",
        f"--workers-per-camera={WORKERS_PER_CAMERA}",
        f"--plan={plan}",
    )
    _manage(url, "createsuperuser", "--noinput", "--username=ladder", "--email=ladder@example.com")
    token = _manage(url, "drf_create_token", "ladder").split()[2]
    planned: list[dict[str, Any]] = json.loads(plan.read_text())["sites"]
    return (
        [_camera(site, each) for site in planned for each in site["cameras"]],
        [Dashboard(token, site["site"]) for site in planned],
    )


def _manage(url: str, *words: str) -> str:
    """Runs a command; gives what it says."""
    environment = os.environ | {
        "DATABASE_URL": url,
        "DJANGO_SUPERUSER_PASSWORD": secrets.token_urlsafe(),
    }
    command = [sys.executable, "manage.py", *words]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    )
    return done.stdout


def _camera(site: dict[str, Any], planned: dict[str, Any]) -> Camera:
    return Camera(
        site["key"],
        planned["camera_id"],
        planned["workstation_id"],
        tuple(each["worker_id"] for each in planned["rotation"]),
    )
