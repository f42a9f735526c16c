"""Places of a text where two changes met and a person must choose, as merging marks them."""

import re
from collections.abc import Iterable, Iterator

from contact_hub.routing.file.mistakes import Mistake
from contact_hub.routing.said import Said, said

_MARK = re.compile(r"(<{7}|={7}|>{7}|\|{7})(?: (.*))?")
_LEFT = said("Take this line away, and look whether what stands around it is what you want.")


def conflicts_in(text: str) -> list[Mistake]:
    """One mistake for each place where both changes stand between marks, and for each mark left over.

    Rules have no line that begins so, whatever else may be wrong with them.
    """
    if not any(f"\n{mark}" in text or text.startswith(mark) for mark in ("<<<<<<<", "=======", ">>>>>>>", "|||||||")):
        return []
    return list(_told(_marks(text)))


def _marks(text: str) -> list[tuple[int, str, str]]:
    """The lines that are marks: number, sign and the name behind it."""
    found = ((number, _MARK.fullmatch(line.rstrip())) for number, line in enumerate(text.splitlines(), start=1))
    return [(number, mark[1][0], (mark[2] or "")[:80]) for number, mark in found if mark]


def _told(marks: list[tuple[int, str, str]]) -> Iterator[Mistake]:
    while marks:
        size = next((size for size in (3, 4) if _signs(marks[:size]) in ("<=>", "<|=>")), 1)
        place, marks = marks[:size], marks[size:]
        yield _conflict(place) if size > 1 else Mistake(place[0][0], 1, said("A mark of a merge was left here."), _LEFT)


def _conflict(place: list[tuple[int, str, str]]) -> Mistake:
    first, middle, last = place[0], place[-2], place[-1]
    what = said("Both changed the same lines (%(first)s–%(last)s).", first=first[0], last=last[0])
    if not (first[2] and last[2]):
        mend = said("Choose what shall stay, and take the lines with %(marks)s away.", marks=_shown(place))
        return Mistake(first[0], 1, what, mend)
    return Mistake(first[0], 1, what, _named(first[2], last[2], middle[0], place))


def _named(mine: str, theirs: str, middle: int, place: list[tuple[int, str, str]]) -> Said:
    return said(
        "Above line %(middle)s stands “%(mine)s”, below it “%(theirs)s”: choose one, and take the lines with %(marks)s away.",
        middle=middle,
        mine=mine,
        theirs=theirs,
        marks=_shown(place),
    )


def _signs(marks: Iterable[tuple[int, str, str]]) -> str:
    return "".join(sign for _, sign, _ in marks)


def _shown(marks: Iterable[tuple[int, str, str]]) -> str:
    return ", ".join(sign * 7 for _, sign, _ in marks)
