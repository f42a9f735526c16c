"""Texts on their way in or out: what can be kept of them, and the line that names them in a list."""

LONGEST_SUBJECT = 80  # characters


def storable(text: str) -> str:
    """What any database and any mail can hold of it: no NUL, no half of a character."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def first_line(text: str) -> str:
    """The subject of what was said without one."""
    line = next(iter(text.strip().splitlines()), "")
    return line if len(line) <= LONGEST_SUBJECT else line[: LONGEST_SUBJECT - 1].rstrip() + "…"
