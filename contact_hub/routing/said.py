"""Sentences for people, kept as a text to translate and the values it speaks of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Said:
    """An English sentence with places such as `%(rule)s`; a value may be a sentence itself."""

    text: str
    values: tuple[tuple[str, "str | int | Said"], ...] = ()

    def __str__(self) -> str:
        return self.through(lambda text: text)

    def through(self, translate: Callable[[str], str]) -> str:
        """The sentence in another language: `translate` gets each text before its places are filled in."""
        if not self.values:
            return translate(self.text)
        values = {name: value.through(translate) if isinstance(value, Said) else value for name, value in self.values}
        return translate(self.text) % values

    def as_record(self) -> dict[str, object]:
        """The sentence as it is stored: values JSON knows."""
        values = {name: value.as_record() if isinstance(value, Said) else value for name, value in self.values}
        return {"text": self.text, "values": values}


def said(text: str, **values: str | int | Said) -> Said:
    """The sentence with these values; catalogues are made from the texts written inside this call."""
    return Said(text, tuple(values.items()))


def from_record(record: Mapping[str, object] | str) -> Said:
    """The sentence again, out of what was stored; one that was stored as words stays as it is."""
    if isinstance(record, str):
        return Said(record)
    values = record.get("values")
    pairs = values.items() if isinstance(values, Mapping) else ()
    return Said(
        str(record["text"]), tuple((name, from_record(each) if isinstance(each, Mapping) else each) for name, each in pairs)
    )
