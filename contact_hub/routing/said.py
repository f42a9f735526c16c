"""Sentences for people, kept as a text to translate and the values it speaks of."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, order=True)
class Said:
    """An English sentence with places such as `%(rule)s`; `str` fills them in, a page translates the text first."""

    text: str
    values: tuple[tuple[str, str | int], ...] = field(default=())

    def __str__(self) -> str:
        return self.text % dict(self.values) if self.values else self.text

    def as_record(self) -> dict[str, object]:
        """The sentence as it is stored: values JSON knows."""
        return {"text": self.text, "values": dict(self.values)}


def said(text: str, **values: str | int) -> Said:
    """The sentence with these values; catalogues are made from the texts written inside this call."""
    return Said(text, tuple(values.items()))


def from_record(record: Mapping[str, object]) -> Said:
    """The sentence again, out of what was stored."""
    values = record.get("values") or {}
    return Said(str(record["text"]), tuple(values.items()) if isinstance(values, Mapping) else ())
