"""Child processes that never outlive their parent, the fussy ones of them as `nobody` when we are root."""

import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self

import psutil

PR_SET_PDEATHSIG = 1
START_SECONDS = 30
STOP_SECONDS = 10


class ServerFailed(RuntimeError):
    """A server did not start or stop; the message ends with the tail of its log."""


class Server:
    """A process with a folder of its own: `_command` says what to run, `_answers` whether it is ready."""

    name = "server"
    death_signal = signal.SIGTERM
    never_as_root = False

    def __init__(self, *, on_disk: bool = False) -> None:
        self.port = free_port()
        self.home = own_folder(self.name, parent=None if on_disk else memory())
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = start_child(
                self._command(), log=log, death_signal=self.death_signal, never_as_root=self.never_as_root
            )
        wait_until(self._ready, seconds=START_SECONDS, otherwise=self._failure)

    def stop(self) -> None:
        """Stop the server; its data stays for the next start."""
        if self._process is None:
            return
        self._process.send_signal(self.death_signal)
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def restart(self) -> None:
        self.stop()
        self.start()

    def kill(self) -> None:
        """End the server and its children as a power cut would; some lead a group of their own, as those of PostgreSQL do."""
        if self._process is None:
            return
        server = psutil.Process(self._process.pid)
        family = [server, *server.children(recursive=True)]
        for each in family:
            with suppress(psutil.NoSuchProcess):
                each.kill()
        psutil.wait_procs(family[1:], timeout=STOP_SECONDS)
        self._process.wait()
        self._process = None

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """The server answers nobody, and drops nobody, until the end of this."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.killpg(self._process.pid, signal.SIGCONT)

    def close(self) -> None:
        """Stop the server and remove its folder."""
        self.stop()
        shutil.rmtree(self.home, ignore_errors=True)

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def _log(self) -> Path:
        return self.home / "server.log"

    def _command(self) -> Sequence[str]:
        raise NotImplementedError

    def _answers(self) -> bool:
        return port_answers(self.port)

    def _ready(self) -> bool:
        if not self.running:
            raise self._failure()
        return self._answers()

    def _failure(self) -> ServerFailed:
        tail = "\n".join(self._log.read_text(errors="replace").splitlines()[-20:])
        return ServerFailed(f"{self.name} did not start on port {self.port}:\n{tail}")


def start_child(command: Sequence[str], *, log: Any, death_signal: int, never_as_root: bool) -> subprocess.Popen[bytes]:
    """Start a process in its own session that gets `death_signal` when this one ends."""
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        cwd="/",
        start_new_session=True,
        preexec_fn=_follow_parent(death_signal),
        **(unprivileged() if never_as_root else {}),
    )


def run_unprivileged(command: Sequence[str | Path]) -> None:
    """Run a command to its end as the user the servers run as; raise ServerFailed with its output if it fails."""
    done = subprocess.run(command, capture_output=True, cwd="/", check=False, **unprivileged())
    if done.returncode:
        raise ServerFailed(f"{command[0]} failed:\n{(done.stdout + done.stderr).decode(errors='replace')}")


def unprivileged() -> dict[str, Any]:
    """What makes subprocess run as `nobody` when we are root; nothing otherwise."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def server_user() -> pwd.struct_passwd:
    """The user the servers run as."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())


def memory() -> Path | None:
    """A file system in memory with a gigabyte to spare, where there is one."""
    shared = Path("/dev/shm")
    if not os.access(shared, os.W_OK) or shutil.disk_usage(shared).free < 1 << 30:
        return None
    return shared


def own_folder(name: str, *, parent: Path | None = None) -> Path:
    """A new temporary folder that belongs to the user the servers run as."""
    folder = Path(tempfile.mkdtemp(prefix=f"hub-{name}-", dir=parent))
    user = server_user()
    os.chown(folder, user.pw_uid, user.pw_gid)
    return folder


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def port_answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_until(ready: Callable[[], bool], *, seconds: float, otherwise: Callable[[], Exception]) -> None:
    """Ask `ready` every 20 ms until it says yes; after `seconds` raise what `otherwise` gives."""
    deadline = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > deadline:
            raise otherwise()
        time.sleep(0.02)


def _follow_parent(death_signal: int) -> Callable[[], None] | None:
    """What a Linux child does before it starts: ask the kernel for a signal when its parent dies."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None, use_errno=True)

    def follow() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(death_signal))

    return follow
