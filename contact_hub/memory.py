"""Keeps a process small that now and then holds something very large, and quick where it makes many small things."""

import ctypes
import gc
import sys
from collections.abc import Awaitable, Callable
from typing import Any

# From glibc's malloc.h. Left to itself, glibc raises the threshold to the largest block ever freed and then keeps the room.
M_MMAP_THRESHOLD = -3
M_ARENA_MAX = -8
LARGE = 256 << 10  # bytes from which a block goes back to the system the moment it is freed
OBJECTS = 20_000  # made before cycles are looked for; a batch of mails or a page makes more than the 700 Python starts with
ROUNDS = 20  # after which those that lived through one are looked at too
OFTEN = 4  # times as often between answers, among as few objects as a page makes: so no page comes to make the others
OLD = 200  # looks at those that lived through one, after which all are looked at

Application = Callable[[Any, Any, Any], Awaitable[Any]]


def look_for_cycles_rarely(*, between_answers: bool = False) -> None:
    """What the process loaded at its start stays for good and is looked at no more; the rest rarely, or between answers."""
    gc.freeze()
    gc.set_threshold(OBJECTS, ROUNDS * OFTEN if between_answers else ROUNDS, ROUNDS)


def look_for_cycles() -> None:
    """Looks for those that are due between answers."""
    made, young, old = gc.get_count()
    if made > OBJECTS // OFTEN:
        gc.collect(2 if old > OLD else 1 if young > ROUNDS * OFTEN else 0)


def looking_for_cycles(answering: Application) -> Application:
    """The ASGI application as it is, which looks for cycles when an answer has left: nobody who asked waits for that."""

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        try:
            await answering(scope, receive, send)
        finally:
            look_for_cycles()

    return answer


def give_back_large_blocks() -> None:
    """Has the C library return large blocks at once; where it is another than glibc, nothing changes."""
    if not sys.platform.startswith("linux"):
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt:
        mallopt(M_MMAP_THRESHOLD, LARGE)
        mallopt(M_ARENA_MAX, 1)
