"""A small disk that only one program and its children see: a file system in memory, over a folder.

`python -m tests.small_disk FOLDER MEGABYTES COMMAND …` mounts it, with the files that were in the
folder, and becomes the command. It takes the right to mount: root's, or a namespace's.
"""

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

CHUNK = 64 * 1024


def wrapper(folder: Path, *, megabytes: float) -> tuple[str, ...]:
    """What to put before a command."""
    own = ("unshare", "--mount", *(["--map-root-user"] if os.getuid() else []))
    return (*own, sys.executable, "-m", "tests.small_disk", str(folder), str(megabytes))


def seen_by(pid: int, path: Path) -> Path:
    """A path on the disk of a process, for others."""
    return Path(f"/proc/{pid}/root{path}")


def fill(ballast: Path) -> None:
    """Until not a byte more goes in."""
    with ballast.open("ab", buffering=0) as file:
        for size in (CHUNK, 4096, 1):
            with suppress(OSError):
                while True:
                    file.write(b"x" * size)


def _mount(folder: Path, megabytes: float) -> None:
    files = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    size = f"size={int(megabytes * 1024)}k"
    subprocess.run(["mount", "-t", "tmpfs", "-o", size, "none", str(folder)], check=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)


if __name__ == "__main__":
    _mount(Path(sys.argv[1]), float(sys.argv[2]))
    os.execvp(sys.argv[3], sys.argv[3:])
