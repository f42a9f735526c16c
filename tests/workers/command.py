"""Runs a `contact-hub` command in a process made for it."""

import ctypes
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

PRELOADED = ["contact_hub.app", "contact_hub.cli.binding", "workers.mailbox"]
PR_SET_PDEATHSIG = 1


def run(words: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
    """What `contact-hub <words>` does, with this environment; what it says goes to `log`."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    os.environ.update(environment)
    said = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(said, sys.stdout.fileno())
    os.dup2(said, sys.stderr.fileno())
    from contact_hub.cli import main

    main(list(words), prog_name="contact-hub")
