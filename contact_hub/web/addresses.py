"""The ids that addresses and forms bring, read with care: anybody may have typed them."""

from werkzeug.routing import IntegerConverter, Map, ValidationError

MOST_DIGITS = 10
LARGEST = 2**31 - 1  # what every database takes as an id


class Id(IntegerConverter):
    """A number in the path of an address; one that can't be an id leads nowhere."""

    def __init__(self, map: Map, max: int = LARGEST) -> None:  # werkzeug's names
        super().__init__(map, max=max)

    def to_python(self, value: str) -> int:
        """The number, before its digits cost anything to count."""
        if id_in(value) is None:
            raise ValidationError
        return int(super().to_python(value))


def id_in(written: str) -> int | None:
    """The id that somebody wrote; None where it can't be one."""
    if not (written.isascii() and written.isdecimal() and len(written) <= MOST_DIGITS):
        return None
    return number if (number := int(written)) <= LARGEST else None
