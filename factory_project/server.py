"""The server's main process: granian, with restarts that no client notices.

`manage.py serve` becomes it: `python -m factory_project.server OPTIONS-AS-JSON`. It never imports
Django, so that each new server process loads the code that is there then.

SIGHUP replaces the server processes one after another. All share one listening socket, so that a
connection that none of them takes yet waits instead of being refused. The new one loads first. Then
the old one takes no more connections, ends those that stay open with their next answer, and leaves
when what is under way is answered. If the new code cannot be loaded the old process stays.
"""

import contextlib
import importlib
import json
import logging
import multiprocessing
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

from granian.net import SocketSpec  # type: ignore[attr-defined]
from granian.server.mp import MPServer

TARGET = "factory_project.wsgi:application"
BASE_DIR = Path(__file__).resolve().parent.parent
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own in it; a full disk can't hurt it
PREFIX = "factory-telemetry-"
LOADING_S = 60  # a new process that has not loaded by then never will
PARTING_S = 1.0  # who keeps a connection hears in it, with an answer, to make another one

log = logging.getLogger("_granian")
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Server(MPServer):
    """Granian with one listening socket, and with a hand-over from old processes to new ones."""

    _loaded = multiprocessing.get_context("fork").Event()

    def _init_shared_socket(self) -> None:
        """As granian does where each process can't have a socket of its own."""
        holder: Any = SocketSpec(self.bind_addr, self.bind_port, self.backlog).build()
        self._shd, self._sfd, self._ssp = holder, holder.get_fd(), None
        self._sso = socket.socket(fileno=self._sfd)

    def _reload(self, spawn_target: Any, target_loader: Any) -> None:
        """SIGHUP; nothing happens if what is there now would not start."""
        words = [sys.executable, "manage.py", "serve", "--prepare"]
        if subprocess.run(words, cwd=BASE_DIR, check=False).returncode == 0:  # noqa: S603
            super()._reload(spawn_target, target_loader)
            return
        log.error("Not reloaded: see above. The old code goes on.")
        self.reload_signal = False
        if not self.interrupt_signal:
            self.main_loop_interrupt.clear()

    def _respawn_workers(
        self, workers: list[int], spawn_target: Any, target_loader: Any, delay: float = 0
    ) -> None:
        for index in workers:
            if self.wrks[index].is_alive():
                self._hand_over(index, spawn_target, target_loader)
            else:  # it has died: nobody to wait for
                super()._respawn_workers([index], spawn_target, target_loader)

    def _hand_over(self, index: int, spawn_target: Any, target_loader: Any) -> None:
        old = self.wrks[index]
        self._loaded.clear()
        new = self._spawn_worker(idx=index, target=spawn_target, callback_loader=target_loader)
        new.interrupt_by_parent = True  # its end is no accident as long as the old one stands
        new.start()
        if not self._waits_for(new):
            log.error("Not reloaded: the new process did not load. The old one goes on.")
            new.kill()
            return
        new.interrupt_by_parent = False
        self.wrks[index] = new
        old.interrupt_by_parent = True
        os.kill(old._id(), signal.SIGUSR1)
        time.sleep(PARTING_S)
        old.terminate()
        old.join(self.workers_kill_timeout)
        if old.is_alive():
            old.kill()
        _forget_gauges(old._id())

    def _waits_for(self, new: Any) -> bool:
        give_up_at = time.monotonic() + LOADING_S
        while not self._loaded.wait(0.1):
            if not new.is_alive() or time.monotonic() > give_up_at:
                return False
        return True


def load(loaded: Any) -> Application:
    """In the server process: the application, which parts politely once it is told to."""
    parting = Parting(importlib.import_module("factory_project.wsgi").application)
    signal.signal(signal.SIGUSR1, parting.begin)
    loaded.set()
    return parting


class Parting:
    """The application; after `begin` it takes no new connections and closes those it has."""

    def __init__(self, application: Application) -> None:
        self._application, self._has_begun = application, False

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Each answer may be the last on its connection."""
        if not self._has_begun:
            return self._application(environ, start_response)

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            return start_response(status, [*headers, ("Connection", "close")], *more)

        return self._application(environ, start)

    def begin(self, *_: object) -> None:
        """The listening socket wakes this process no more; the others go on taking from it."""
        self._has_begun = True
        with contextlib.suppress(OSError):  # no error may end the process here
            _stop_listening()


def _stop_listening() -> None:
    files = _open_files()
    listening = [fd for fd, kind in files.items() if kind == "socket" and _is_listening(fd)]
    for waiting in (fd for fd, kind in files.items() if kind == "anon_inode"):
        with select.epoll.fromfd(os.dup(waiting)) as poll:
            for fd in listening:
                with contextlib.suppress(OSError):  # no epoll, or one that waits for others
                    poll.unregister(fd)


def _open_files() -> dict[int, str]:
    """By number, what kind each is."""
    found = {}
    for file in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):
            found[int(file.name)] = str(file.readlink()).partition(":")[0]
    return found


def _is_listening(fd: int) -> bool:
    try:
        with socket.socket(fileno=os.dup(fd)) as copy:
            return bool(copy.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))
    except OSError:  # a connection that has just been closed
        return False


def _forget_gauges(pid: int) -> None:
    """What a process that is gone had waiting; what it has counted stays."""
    for file in Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]).glob(f"gauge_live*_{pid}.db"):
        file.unlink(missing_ok=True)


def main() -> None:
    """Serves until SIGINT or SIGTERM."""
    options = json.loads(sys.argv[1])
    home = SHARED_MEMORY if os.access(SHARED_MEMORY, os.W_OK) else Path(tempfile.gettempdir())
    _remove_left_behind(home)
    with tempfile.TemporaryDirectory(prefix=f"{PREFIX}{os.getpid()}-", dir=home) as folder:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        if sys.platform != "linux":
            MPServer(TARGET, **options).serve()
            return
        multiprocessing.set_start_method("fork")
        server = Server(TARGET, **options)
        server.serve(target_loader=partial(load, server._loaded), wrap_loader=False)


def _remove_left_behind(home: Path) -> None:
    """By servers that were killed; their number in the name is nobody's any more."""
    for folder in home.glob(f"{PREFIX}*"):
        if sys.platform == "linux" and not Path("/proc", folder.name.split("-")[2]).exists():
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
