"""What a page says once something was done, and the way back from it that it offers there and then."""

from dataclasses import asdict, dataclass

from flask import flash


@dataclass(frozen=True)
class Way:
    """A button beside what was done: a form that is posted to `address`, called `words`, with the key of `verb`.

    It is gone after so many `seconds`; 0: as long as the page is open.
    """

    address: str
    words: str
    verb: str
    seconds: int = 0


def say(words: object, kind: str, way: Way | None = None) -> None:
    """Says it on the next page; `kind` tells its scripts what was done."""
    flash({"words": str(words), "way": asdict(way) if way else None}, kind)  # type: ignore[arg-type] # any JSON is kept
