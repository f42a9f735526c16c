"""Divides the text of a mail into what the sender wrote newly and the rest: quotes, forwards and signatures.

It folds and never deletes: each line is in exactly one of the two. Line by line each is given a kind, after
which the kinds decide; where nothing new would be left, everything is new.
"""

import re
from itertools import takewhile

from channels.email import quoting_phrases as phrases

_MOST_LINES = 20_000
_LONGEST_MATCHED = 500
_INTRODUCTION_LINES = 6
_SIGNATURE_LINES = 15
_SIGNS_OF_MAIL = {"subject", "sent", "address"}
_COLONS = (":", "：", "----")
_INTRODUCTION_ENDS = (*_COLONS, ">")
_HEADER_WINDOW = 12

_QUOTE = re.compile(r"\s{0,3}>")
_BAR = re.compile(r"\s{0,3}\|")
_RULE = re.compile(r"\s*(?:[_*=-]{5,}|-{3,}[^\n-][^\n]{0,80}[^\n-]-{3,})\s*")


def divided(text: str) -> tuple[str, str]:
    """(newly written, all the rest) of a text with LF line ends."""
    *judged, beyond = _split(text)
    lines = [line.rstrip() for line in judged]
    old = _old_lines([line[:_LONGEST_MATCHED] for line in lines])
    message = _message(lines, old)
    if not message.strip():
        return "\n".join([*lines, beyond]).strip("\n"), ""
    quoted = "\n".join([*(line for number, line in enumerate(lines) if number in old), beyond])
    return message, quoted.strip("\n")


def _split(text: str) -> list[str]:
    """The lines that are judged, and in one piece all that lies beyond them."""
    lines = text.split("\n", _MOST_LINES)
    return lines if len(lines) > _MOST_LINES else [*lines, ""]


def _message(lines: list[str], old: set[int]) -> str:
    """The new lines, with one blank line where what was folded left the blank lines around it."""
    kept: list[str] = []
    for number, line in enumerate(lines):
        if number in old or (not line and number - 1 in old and not (kept and kept[-1])):
            continue
        kept.append(line)
    return "\n".join(kept).strip("\n")


def _old_lines(lines: list[str]) -> set[int]:
    """The numbers of the lines that the sender did not write newly."""
    end = _original_begins(lines)
    old = set(range(end, len(lines)))
    end = _quotes(lines, end, old)
    _signature(lines, end, old)
    _program_signatures(lines, old)
    return old


def _original_begins(lines: list[str]) -> int:
    """Where a whole earlier mail begins, with its header lines or its marker; the number of lines where none does."""
    for number, line in enumerate(lines):
        if not line or _QUOTE.match(line):
            continue
        if phrases.ORIGINAL.match(line) or (phrases.HEADER_LINE.match(line) and _is_header_block(lines, number)):
            return _with_rule_above(lines, number)
    return len(lines)


def _is_header_block(lines: list[str], begin: int) -> bool:
    """Sender, recipient and a subject or another sign of mail; a web form sent by mail has no recipient."""
    groups: set[str] = set()
    blank = 0
    for line in lines[begin : begin + _HEADER_WINDOW]:
        found = phrases.HEADER_LINE.match(line)
        if found and found.lastgroup:
            groups.add(found.lastgroup)
            groups |= {"address"} if "@" in line else set()
            blank = 0
        elif not line.strip():
            blank += 1
        if blank > 1:
            break
    return {"from", "to"} < groups and bool(groups & _SIGNS_OF_MAIL)


def _with_rule_above(lines: list[str], begin: int) -> int:
    above = begin - 1
    while above >= 0 and not lines[above].strip():
        above -= 1
    return above if above >= 0 and _RULE.fullmatch(lines[above]) else begin


def _quotes(lines: list[str], end: int, old: set[int]) -> int:
    """Mark introduced and trailing quotes before `end`; return where the newly written text can end at most."""
    number = 0
    introduced = written = False
    possible = _possible_introductions(lines, end)
    while number < end:
        length = _introduction(lines, number, end) if number in possible else 0
        if not length:
            written = written or bool(lines[number])
            number += 1
            continue
        after = _past_quote(lines, number + length, end)
        if after is None and phrases.OWN_TELLING.search(" ".join(lines[number : number + length])):
            written = True
            number += length
            continue
        introduced = True
        if after is None and written:
            old.update(range(number, end))
            return number
        stop = number + length if after is None else after
        old.update(range(number, stop))
        number = stop
    if introduced:
        old.update(number for number in range(end) if _QUOTE.match(lines[number]))
        return end
    return _trailing_quote(lines, end, old)


def _possible_introductions(lines: list[str], end: int) -> set[int]:
    """Where an introduction may begin, told by how lines near it end; spares long texts most of the work."""
    possible: set[int] = set()
    for number in range(end):
        if lines[number].endswith(_INTRODUCTION_ENDS):
            possible.update(range(max(0, number - _INTRODUCTION_LINES + 1), number + 1))
    return possible


def _introduction(lines: list[str], begin: int, end: int) -> int:
    """How many lines the introduction of a quote takes that begins here ("On … wrote:"), 0 where none does."""
    first = lines[begin]
    if not first.strip() or _QUOTE.match(first):
        return 0
    opens = bool(phrases.OPENING.match(first))
    if not opens and not phrases.VERB.search(first):
        return 0
    joined, fallback = "", 0
    for count, line in enumerate(lines[begin : min(end, begin + _INTRODUCTION_LINES)], 1):
        if _ends_introduction(line, joined, opens=opens):
            break
        joined = f"{joined} {line.strip()}".strip()
        if _introduces(joined):
            return count
        if opens and phrases.ADDRESS_AT_END.search(joined) and _quote_follows(lines, begin + count):
            fallback = count
    return fallback


def _ends_introduction(line: str, joined: str, *, opens: bool) -> bool:
    if not joined:
        return False
    if _QUOTE.match(line):
        return joined.count("<") <= joined.count(">")
    return bool(phrases.OPENING.match(line)) or (not opens and not line.strip())


def _introduces(joined: str) -> bool:
    if not joined.endswith(_COLONS) or len(joined) > _LONGEST_MATCHED:
        return False
    return bool(phrases.TIME.search(joined)) and ("@" in joined or bool(phrases.VERB.search(joined)))


def _quote_follows(lines: list[str], begin: int) -> bool:
    following = next((line for line in lines[begin : begin + 3] if line.strip()), "")
    return bool(_QUOTE.match(following) or _BAR.match(following))


def _past_quote(lines: list[str], begin: int, end: int) -> int | None:
    """The end of the marked quote that begins here or after blank lines; None where the text goes on unmarked."""
    mark = _BAR if _BAR.match(next((line for line in lines[begin:end] if line.strip()), "")) else _QUOTE
    last = None
    for number in range(begin, end):
        if mark.match(lines[number]):
            last = number + 1
        elif lines[number].strip():
            break
    return last


def _trailing_quote(lines: list[str], end: int, old: set[int]) -> int:
    """A quote at the end belongs to the rest; one that is answered below stays with its answer."""
    begin = end
    while begin > 0 and (not lines[begin - 1].strip() or _QUOTE.match(lines[begin - 1])):
        begin -= 1
    if any(_QUOTE.match(line) for line in lines[begin:end]):
        old.update(range(begin, end))
        return begin
    return end


def _signature(lines: list[str], end: int, old: set[int]) -> None:
    """Mark what follows a signature mark, or a closing phrase and a name, up to `end`."""
    written = [number for number in range(end) if number not in old and lines[number].strip()]
    for place, number in enumerate(written[1:], 1):
        if not phrases.SIGNATURE_START.match(lines[number]):
            continue
        short = len(written) - place - 1 <= _SIGNATURE_LINES
        if phrases.DISCLAIMER.match(lines[number]) or (short and phrases.SIGNATURE_MARK.match(lines[number])):
            old.update(written[place:])
            return
        below = written[place + 2 :] if short and phrases.CLOSING.match(lines[number]) else []
        if _is_signature([lines[line] for line in below]):
            old.update(takewhile(lambda line: not phrases.POSTSCRIPT.match(lines[line]), below))
            return


def _is_signature(lines: list[str]) -> bool:
    return any(phrases.CONTACT_DETAIL.search(line) for line in lines) and all(len(line) <= 160 for line in lines)


def _program_signatures(lines: list[str], old: set[int]) -> None:
    """Mark lines such as "Sent from my phone" that stand under a blank line, not in the middle of a sentence."""
    apart = True
    for number, line in enumerate(lines):
        if apart and phrases.PROGRAM_SIGNATURE.match(line):
            old.add(number)
        else:
            apart = not line or number in old
