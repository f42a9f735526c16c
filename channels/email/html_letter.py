"""The HTML part of what the hub writes, made from its plain text: escaped, links clickable, what is answered folded below."""

import re
from html import escape
from urllib.parse import quote

_PAGE = """<!DOCTYPE html>
<html{language}>
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body style="font-family: system-ui, 'Segoe UI', Helvetica, Arial, sans-serif; font-size: 16px; line-height: 1.5">
{text}{quoted}</body>
</html>
"""
# The class names by which mail programs know what to fold.
_QUOTED = """<div class="gmail_quote">
<div class="gmail_attr">{attribution}</div>
<blockquote class="gmail_quote" type="cite" style="margin: 0.5em 0 0; padding-left: 1em; border-left: 2px solid #999">
{text}</blockquote>
</div>
"""
_LINK = re.compile(r"https?://[^\s<>\"]+|www\.[^\s<>\"]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
_CLOSING = ".,;:!?'’”»"  # a sentence ends with it, an address does not
_BRACKETS = {")": "(", "]": "["}
_SPACES = re.compile(r"(?m)^ +| {2,}")


def html_letter(text: str, quoted: str = "", *, language: str = "") -> str:
    """The letter as a page; `quoted` is a line that says who wrote, and below it what they wrote, each line behind `> `."""
    said = f' lang="{escape(language)}"' if language else ""
    return _PAGE.format(language=said, text=_paragraphs(text), quoted=_blockquote(quoted) if quoted.strip() else "")


def _blockquote(quoted: str) -> str:
    attribution, _, lines = quoted.strip().partition("\n")
    bare = "\n".join(line.removeprefix(">").removeprefix(" ") for line in lines.split("\n"))
    return _QUOTED.format(attribution=_linked(attribution), text=_paragraphs(bare))


def _paragraphs(text: str) -> str:
    paragraphs = re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").strip("\n"))
    return "".join(f"<p>{_linked(_indented(each))}</p>\n" for each in paragraphs if each.strip())


def _linked(text: str) -> str:
    """The text with every address a link; what merely looks like one stays text."""
    parts: list[str] = []
    end = 0
    for found in _LINK.finditer(text):
        address = _without_closing(found[0])
        parts += [_plain(text[end : found.start()]), f'<a href="{escape(_target(address))}">{escape(address)}</a>']
        end = found.start() + len(address)
    return "".join(parts) + _plain(text[end:])


def _without_closing(address: str) -> str:
    """Without the end of the sentence around it; a bracket stays where the address opened it."""
    bare = address.rstrip(_CLOSING)
    while (opening := _BRACKETS.get(bare[-1:])) and bare.count(opening) < bare.count(bare[-1]):
        bare = bare[:-1].rstrip(_CLOSING)
    return bare or address


def _target(address: str) -> str:
    if "@" in address and "://" not in address:
        return f"mailto:{quote(address, safe='@+.-_')}"
    return address if "://" in address else f"https://{address}"


def _plain(text: str) -> str:
    return escape(text).replace("\n", "<br>\n")


def _indented(text: str) -> str:
    """With the spaces kept that a page would take for one."""
    return _SPACES.sub(lambda found: "\N{NO-BREAK SPACE}" * len(found[0]), text)
