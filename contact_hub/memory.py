"""Keeps a process small that now and then holds something very large, and quick where it makes many small things."""

import ctypes
import gc
import sys

# From glibc's malloc.h. Left to itself, glibc raises the threshold to the largest block ever freed and then keeps the room.
M_MMAP_THRESHOLD = -3
M_ARENA_MAX = -8
LARGE = 256 << 10  # bytes from which a block goes back to the system the moment it is freed
OBJECTS = 20_000  # made before cycles are looked for; a batch of mails or a page makes more than the 700 Python starts with


def look_for_cycles_rarely() -> None:
    """What the process loaded at its start stays for good and is looked at no more."""
    gc.freeze()
    gc.set_threshold(OBJECTS, 20, 20)


def give_back_large_blocks() -> None:
    """Has the C library return large blocks at once; where it is another than glibc, nothing changes."""
    if not sys.platform.startswith("linux"):
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt:
        mallopt(M_MMAP_THRESHOLD, LARGE)
        mallopt(M_ARENA_MAX, 1)
