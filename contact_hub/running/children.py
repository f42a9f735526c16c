"""Child processes that are started again when they die, and that never outlive their parent."""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

PR_SET_PDEATHSIG = 1
FIRST_REST = 0.5  # seconds before a child that died is started again; doubled each time
LONGEST_REST = 30.0
STEADY = 60.0  # seconds after which a child counts as healthy again
LARGEST_LOG = 20 << 20  # bytes


class Child:
    """One process in its own session; what it prints goes to its log, which keeps one older part beside it."""

    def __init__(
        self, name: str, command: Sequence[str], *, environment: Mapping[str, str], logs: Path, told: bytes = b""
    ) -> None:
        self.name = name
        self.log = logs / f"{name}.log"
        self.died = 0
        self._command = command
        self._environment = environment
        self._told = told  # what it reads from its standard input: passwords, which a command line would show
        self._process: subprocess.Popen[bytes] | None = None
        self._since = self._again_at = 0.0

    @property
    def pid(self) -> int:
        """The process that runs now; 0 while none does."""
        return self._process.pid if self._process and self._process.poll() is None else 0

    def start(self) -> None:
        """Starts it; what it wrote last time is kept as `.log.1` once it has grown large."""
        self._since = time.monotonic()
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own commands
                self._command,
                env=dict(self._environment),
                stdin=subprocess.PIPE if self._told else subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_dies_with(os.getpid()),
            )
        if self._process.stdin:
            with self._process.stdin as pipe:
                pipe.write(self._told)

    def look_after(self) -> str:
        """Starts it again if it died and has rested; gives a sentence to tell when there is one."""
        self._keep_log_small()
        if self._process and self._process.poll() is not None:
            return self._note_death(self._process.returncode)
        if self._process is None and time.monotonic() >= self._again_at:
            self.start()
        elif time.monotonic() - self._since > STEADY:
            self.died = 0
        return ""

    def last_words(self, lines: int = 12) -> str:
        """The end of its log."""
        written = self.log.read_text("utf-8", "replace") if self.log.exists() else ""
        return "\n".join(written.splitlines()[-lines:])

    def ask_to_stop(self) -> None:
        """Lets it end in its own time."""
        if self.pid:
            os.killpg(self.pid, signal.SIGTERM)

    def end(self, seconds: float) -> None:
        """Waits so long for it to end, then ends it and all it started."""
        if self._process is None:
            return
        try:
            self._process.wait(max(seconds, 0))
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def _note_death(self, code: int) -> str:
        rest = min(FIRST_REST * 2**self.died, LONGEST_REST)
        self.died += 1
        self._process, self._again_at = None, time.monotonic() + rest
        how = f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"
        return f"{self.name} {how}; it starts again in {rest:g} s. See {self.log}"

    def _keep_log_small(self) -> None:
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
            shutil.copyfile(self.log, self.log.with_suffix(".log.1"))
            os.truncate(self.log, 0)


def _dies_with(parent: int) -> Callable[[], None] | None:
    """What a Linux child does before it starts: ask the kernel to end it when its parent is gone."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)

    def follow() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL))
        if os.getppid() != parent:
            os._exit(1)

    return follow
