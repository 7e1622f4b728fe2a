#!/usr/bin/env python3
"""Writes static/fonts/: the letters of Latin scripts out of the theme's Inter, a third of its size.

Most readers need no others, and a page's first paint waits for them; the whole font stands behind
(assets/dashboard.css). Needs fonttools and brotli, which nothing else here does: install them
beside, and run this after an update of the theme: `python scripts/subset_fonts.py`.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = "lib/python*/site-packages/unfold/static/unfold/fonts/inter"
TARGET = ROOT / "static" / "fonts"
WEIGHTS = ("Regular", "SemiBold")
# Latin, punctuation, arrows and the signs that pages use; the style sheet says the same.
LETTERS = (
    "U+0000-024F,U+02BB-02DC,U+2000-206F,U+20AC,U+2116,U+2122,U+2190-2199,U+2212,U+2248,"
    "U+2264-2265,U+25A0-25FF"
)
FEATURES = "kern,liga,calt,ccmp,locl,mark,mkmk,tnum"


def main() -> None:
    (folder,) = (ROOT / ".venv").glob(SOURCE)
    TARGET.mkdir(exist_ok=True)
    for weight in WEIGHTS:
        command = [
            *(sys.executable, "-m", "fontTools.subset", str(folder / f"Inter-{weight}.woff2")),
            *(f"--unicodes={LETTERS}", f"--layout-features={FEATURES}", "--flavor=woff2"),
            f"--output-file={TARGET / f'inter-latin-{weight.lower()}.woff2'}",
        ]
        subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
