"""Tells a domain that was made to look like one of ours, such as lindervelde.be.example.com or llndervelde.be."""

import re
import unicodedata

_ENDINGS = re.compile(r"\.(?:com?|org|net|gov|ac|gv)?\.?[^.]*$")
_ALIKE = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("0", "o"), ("1", "l"), ("i", "l"), ("5", "s"), ("8", "b"))
_SHORTEST = 6  # letters of a name below which one that differs in a single letter may well be another town


def looks_like(domain: str, own: str) -> bool:
    """Whether `domain`, which is neither `own` nor beneath it, could be taken for it at a glance; both in lower case."""
    seen, name = _unpuny(domain), _name(own)
    if f".{own}." in f".{seen}." or f"-{own.replace('.', '-')}-" in f"-{seen.replace('.', '-')}-":
        return True  # our whole domain stands inside another one
    theirs = _name(seen)
    return _skeleton(theirs) == _skeleton(name) or (len(name) >= _SHORTEST and _a_slip_away(_skeleton(theirs), _skeleton(name)))


def _unpuny(domain: str) -> str:
    """What a browser or a mail program may show of it."""
    labels = []
    for label in domain[:255].split("."):
        try:
            labels.append(label[4:].encode("ascii").decode("punycode") if label.startswith("xn--") else label)
        except (UnicodeError, OverflowError):
            labels.append(label)
    return ".".join(labels)


def _name(domain: str) -> str:
    """The part of a domain that somebody chose: lindervelde of www.lindervelde.be."""
    return _ENDINGS.sub("", domain).rpartition(".")[2]


def _skeleton(name: str) -> str:
    """The name with each letter in the form of the one it looks like (after Unicode TR39)."""
    letters = "".join(map(_as_ascii, unicodedata.normalize("NFKD", name)))
    for written, seen in _ALIKE:
        letters = letters.replace(written, seen)
    return letters.replace("-", "")


def _as_ascii(letter: str) -> str:
    if letter.isascii():
        return letter
    if unicodedata.combining(letter):
        return ""
    from confusable_homoglyphs.confusables import confusables_data  # only here: 8 MB that most processes never need

    alike = (each["c"].lower() for each in confusables_data.get(letter, ()))
    return next((each for each in alike if each.isascii()), letter)


def _a_slip_away(one: str, other: str) -> bool:
    """Whether one letter too much, too little or other, or two letters in each other's place, make one of the other."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return one == other
    begin = next((place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    rest, wanted = one[begin:], other[begin:]
    swapped = rest[1:2] + rest[:1] + rest[2:]
    return rest[1:] == wanted[1:] or rest[1:] == wanted or rest == wanted[1:] or swapped == wanted
