"""What stands in the address of a page, read with care: anybody may have typed it."""

MOST_DIGITS = 9  # what every database takes as an id


def id_in(written: str) -> int | None:
    """The id in a part of an address; None where it can't be one."""
    return int(written) if written.isascii() and written.isdecimal() and len(written) <= MOST_DIGITS else None
