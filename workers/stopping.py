"""How a process of ours learns that it should stop."""

import signal
from threading import Event
from types import FrameType


def told_to_stop() -> Event:
    """An event that SIGTERM and SIGINT set; to be asked for in the main thread."""
    stop = Event()

    def tell(number: int, frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, tell)
    signal.signal(signal.SIGINT, tell)
    return stop
