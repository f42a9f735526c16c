"""Runs `contact-hub` commands as processes of their own, forked from one that has read the code already.

Reading the code takes each new interpreter two seconds of a core; a fork takes none, and is a process all the same: it has the
environment it is given, ends with a code, and may be killed.
"""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from tempfile import TemporaryDirectory

PR_SET_PDEATHSIG = 1
PATIENCE = 60  # seconds a command may take on a busy machine

_processes = get_context("forkserver")
_processes.set_forkserver_preload(["contact_hub.app", "contact_hub.cli.binding", "workers.mailbox"])


def started(words: Sequence[str], settings: Mapping[str, str], *, said: Path, complained: Path | None = None) -> BaseProcess:
    """A process that does what `contact-hub <words>` does, with these settings (`DATABASE_URL` and so on) and no others.

    What it says is added to the file `said`, and its errors too, unless they have a file of their own. It dies with us.
    """
    process = _processes.Process(target=_run, args=(words, settings, said, complained or said), daemon=True)
    process.start()
    return process


def contact_hub(*words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """What `contact-hub <words>` says with these settings and no others, and the code it ends with."""
    with TemporaryDirectory() as folder:
        said, complained = Path(folder, "said"), Path(folder, "complained")
        process = started(words, settings, said=said, complained=complained)
        process.join(PATIENCE)
        if process.exitcode is None:
            process.kill()
            raise subprocess.TimeoutExpired(list(words), PATIENCE)
        told = [path.read_text("utf-8") for path in (said, complained)]
        return subprocess.CompletedProcess(list(words), process.exitcode, *told)


def _run(words: Sequence[str], settings: Mapping[str, str], said: Path, complained: Path) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    for name in [name for name in os.environ if name.startswith("CONTACT_HUB_")]:
        del os.environ[name]
    os.environ.update({f"CONTACT_HUB_{name}": value for name, value in settings.items()})
    for stream, path in ((sys.stdout, said), (sys.stderr, complained)):
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(file, stream.fileno())
    from contact_hub.cli import main

    main(list(words), prog_name="contact-hub")
