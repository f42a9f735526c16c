"""Turns HTML into the text a person sees: blocks on lines, quoted blocks behind `> `, no scripts or styles."""

import re
from io import StringIO

from lxml import etree

_UNSEEN = frozenset({"script", "style", "head", "title", "noscript", "template", "object"})
_LINES = frozenset(
    {"address", "article", "aside", "body", "center", "dd", "div", "dl", "dt", "fieldset", "figure", "footer", "form"}
    | {"header", "hr", "html", "li", "main", "nav", "ol", "section", "table", "tbody", "tfoot", "thead", "tr", "ul"}
)
_PARAGRAPHS = frozenset({"blockquote", "p", "h1", "h2", "h3", "h4", "h5", "h6", "pre"})
_CELLS = frozenset({"td", "th"})
_DEEPEST_QUOTE = 5
_TAG = re.compile(r"<[^<>]{0,5000}>")
_BLANK_LINES = re.compile(r"\n(?:[> ]*\n){2,}")
_DATA = re.compile(r"data:[\w/+.;=-]{0,100};base64,[A-Za-z0-9+/=%\s]{200,}+|data:[\w/+.;=-]{0,100},[A-Za-z0-9+/=%]{200,}+")


def text_of_html(html: str) -> str:
    """The visible text; never raises, whatever the HTML."""
    html = without_pictures(html.replace("\x00", ""))
    if not html or html.isspace():
        return ""
    parser = etree.HTMLParser(target=_Reader(), encoding="utf-8", huge_tree=True)
    try:
        parser.feed(html.encode("utf-8", "replace"))
        return str(parser.close())
    except etree.LxmlError:
        return _TAG.sub(" ", html)


def without_pictures(html: str) -> str:
    """The HTML without what is embedded in its addresses (`data:`)."""
    return _DATA.sub("", html) if "data:" in html else html


class _Reader:
    """Hears of tags and text from the parser and writes lines."""

    def __init__(self) -> None:
        self._text = StringIO()
        self._paragraph = True
        self._line: list[str] = []
        self._unseen = 0
        self._quotes = 0
        self._verbatim = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag == "br":
            self._end_line(even_empty=True)
        elif tag in _CELLS:
            self._line.append(" ")
        elif tag in _LINES:
            self._end_line()
            if tag == "li":
                self._line.append("- ")
        elif tag in _PARAGRAPHS:
            self._end_paragraph()
            self._quotes += tag == "blockquote"
            self._verbatim += tag == "pre"

    def end(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag in _LINES:
            self._end_line()
        elif tag in _PARAGRAPHS:
            self._end_paragraph()
            self._quotes = max(0, self._quotes - (tag == "blockquote"))
            self._verbatim = max(0, self._verbatim - (tag == "pre"))

    def data(self, text: str) -> None:
        if self._unseen:
            return
        if not self._verbatim:
            self._line.append(text)
            return
        first, *others = text.split("\n")
        self._line.append(first)
        for line in others:
            self._end_line(even_empty=True)
            self._line.append(line)

    def close(self) -> str:
        self._end_line()
        return _BLANK_LINES.sub("\n\n", self._text.getvalue()).strip()

    def _end_line(self, *, even_empty: bool = False) -> None:
        text = "".join(self._line)
        text = text.rstrip() if self._verbatim else " ".join(text.split())
        self._line.clear()
        if text or even_empty:
            mark = "> " * min(self._quotes, _DEEPEST_QUOTE)
            self._text.write(f"{mark}{text}\n")
            self._paragraph = not (mark or text)

    def _end_paragraph(self) -> None:
        self._end_line()
        if not self._paragraph:
            self._text.write("\n")
            self._paragraph = True
