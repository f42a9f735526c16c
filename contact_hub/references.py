"""What people call a ticket: how its reference is made, read, and found in what they write."""

import re
from functools import lru_cache

from stdnum.iso7064 import mod_37_36

REMEMBERED = 8192
LONGEST = 12  # characters without dashes: a number of nine digits
_WRITTEN = re.compile(r"(?<![\w-])\d{2}[- ]?\d{6,9}[- ]?[0-9a-z](?![\w-])", re.IGNORECASE | re.ASCII)


@lru_cache(maxsize=REMEMBERED)  # the lines of a list are written again on each page
def reference_of(year: int, number: int) -> str:
    """The reference of the ticket with this number, opened in this year."""
    digits = f"{year % 100:02d}{number:06d}"
    return f"{digits[:2]}-{digits[2:]}-{mod_37_36.calc_check_digit(digits)}"


def number_in(reference: str) -> int | None:
    """The ticket number in a reference as people write it, with or without dashes; None when its check character fails."""
    written = compact(reference)
    if (
        not 9 <= len(written) <= LONGEST
        or not written.isascii()
        or not written[:-1].isdecimal()
        or not mod_37_36.is_valid(written)
    ):
        return None
    return int(written[2:-1])


def references_in(text: str) -> tuple[str, ...]:
    """The references that stand in a text, as they are written in full; what only looks like one is left out."""
    found = (_written_in_full(each[0]) for each in _WRITTEN.finditer(text) if number_in(each[0]))
    return tuple(dict.fromkeys(found))


def compact(reference: str) -> str:
    """A reference without the dashes and spaces people write in it."""
    return "".join(character for character in reference.upper() if character.isalnum())


def _written_in_full(reference: str) -> str:
    written = compact(reference)
    return f"{written[:2]}-{written[2:-1]}-{written[-1]}"
