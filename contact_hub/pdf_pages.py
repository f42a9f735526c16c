"""Pictures of a PDF's pages: what a stranger sent is opened in a process of its own, with bounds on its memory and time."""

import io
import resource
import subprocess
import sys
from threading import BoundedSemaphore
from typing import Any

import structlog

WIDE = 1000  # pixels of a picture
TALLEST = 5 * WIDE  # a page that is longer is drawn narrower
MEMORY = 1_000_000_000  # bytes the process may ask for
TIME = 5  # seconds of computing it may take
WAITS = 3  # seconds that one may wait for its turn: the threads that answer pages are few
AT_ONCE = 2  # processes
WHOLE = 0  # in place of a page: how many there are
PRELUDE = "from contact_hub import pdf_pages; pdf_pages.main()"

_turns = BoundedSemaphore(AT_ONCE)
log = structlog.get_logger()


class Unreadable(Exception):
    """Not a PDF, a broken one, one behind a password, one that takes more than it may, or too many at once."""


def count(pdf: bytes) -> int:
    """How many pages there are. Raises Unreadable."""
    return int(_apart(pdf, WHOLE))


def picture(pdf: bytes, page: int) -> bytes:
    """A page, the first being 1, as a PNG. Raises Unreadable, also for a page that is not there."""
    return _apart(pdf, page)


def _apart(pdf: bytes, page: int) -> bytes:
    command = [sys.executable, "-I", "-c", PRELUDE, str(page)]
    if not _turns.acquire(timeout=WAITS):
        raise Unreadable
    try:
        done = subprocess.run(command, input=pdf, capture_output=True, timeout=2 * TIME, check=True)  # noqa: S603
    except subprocess.SubprocessError as error:
        log.info("a PDF cannot be shown", error=type(error).__name__)
        raise Unreadable from error
    finally:
        _turns.release()
    return done.stdout


def main() -> None:
    """In the process of its own: a PDF comes in, its page or the number of its pages goes out."""
    import pypdfium2  # no other process needs it

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (TIME, TIME))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    pdf, page = pypdfium2.PdfDocument(sys.stdin.buffer.read()), int(sys.argv[1])
    sys.stdout.buffer.write(str(len(pdf)).encode() if page == WHOLE else _drawn(pdf[page - 1]))


def _drawn(page: Any) -> bytes:
    width, height = page.get_size()
    scale = min(WIDE / width, TALLEST / height)
    png = io.BytesIO()
    page.render(scale=scale).to_pil().save(png, "PNG")
    return png.getvalue()
