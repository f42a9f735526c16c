"""Reference cycles are looked for when an answer has left, never while somebody waits for it."""

import gc
import weakref
from collections.abc import Iterator
from contextlib import suppress

import pytest

from contact_hub.memory import OBJECTS, Application, look_for_cycles_rarely, looking_for_cycles


class Ring:
    """Something that only a look for cycles removes."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    thresholds = gc.get_threshold()
    gc.collect()
    yield
    gc.set_threshold(*thresholds)
    gc.unfreeze()


def answered(page: Application) -> None:
    """As a server does; the page waits for nothing, so no loop of events is needed."""
    with suppress(StopIteration):
        looking_for_cycles(page)({}, None, None).__await__().__next__()


def made_by_a_page(rings: int) -> tuple[bool, bool]:
    """Whether the first of so many rings was still there when the answer left, and thereafter."""
    first: list[weakref.ref[Ring]] = []
    there: list[bool] = []

    async def page(*_of_request: object) -> None:
        first.append(a_ring_among(rings))
        there.append(first[0]() is not None)

    look_for_cycles_rarely(between_answers=True)
    answered(page)
    return there[0], first[0]() is not None


def a_ring_among(rings: int) -> "weakref.ref[Ring]":
    first = weakref.ref(Ring())
    for _ in range(rings):
        Ring()
    return first


def test_what_a_page_leaves_behind_is_removed_when_it_was_sent() -> None:
    assert made_by_a_page(OBJECTS // 2) == (True, False)


def test_little_is_left_for_later() -> None:
    assert made_by_a_page(10) == (True, True)


def test_what_fails_leaves_nothing_behind_either() -> None:
    left = []

    async def fails(*_of_request: object) -> None:
        left.append(a_ring_among(OBJECTS // 2))
        raise OSError("the line broke")

    look_for_cycles_rarely(between_answers=True)
    with pytest.raises(OSError, match="the line broke"):
        answered(fails)
    assert left[0]() is None
