"""Makes the HTML of a mail safe to look at: nothing runs, nothing loads, no link hides where it leads.

The tree is first rewritten (pictures, links), and its text then cleaned by nh3, which has the last word: only tags,
attributes and styles on its lists are left, whatever the parsers made of a broken page.
"""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

import nh3
from lxml import etree

from channels.email.html_text import text_of_html
from channels.email.links import link_of
from contact_hub.contact import Attachment

PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
ROOM = 12_000_000  # bytes of all pictures shown together

_TAGS = (
    {"a", "abbr", "address", "b", "blockquote", "br", "caption", "center", "cite", "code", "col", "colgroup"}
    | {"dd", "del", "div", "dl", "dt", "em", "font", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img"}
    | {"ins", "li", "ol", "p", "pre", "q", "s", "small", "span", "strike", "strong", "sub", "sup", "table"}
    | {"tbody", "td", "tfoot", "th", "thead", "tr", "tt", "u", "ul", "wbr"}
)
_WITH_CONTENT = {"script", "style", "title", "noscript", "template", "object", "applet", "iframe", "frame", "svg", "math"} | {
    "audio",
    "video",
    "canvas",
}
_ATTRIBUTES = {
    "*": {"style", "align", "valign", "dir", "lang", "title", "width", "height", "bgcolor"},
    "a": {"href"},
    "img": {"src", "alt"},
    "font": {"color", "face", "size"},
    "table": {"border", "cellpadding", "cellspacing"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "ol": {"start", "type"},
}
_STYLES = (
    {"color", "background-color", "font-family", "font-size", "font-style", "font-weight", "line-height"}
    | {"text-align", "text-decoration", "text-indent", "text-transform", "vertical-align", "white-space"}
    | {"letter-spacing", "direction", "display", "width", "max-width", "height", "border", "border-top"}
    | {"border-right", "border-bottom", "border-left", "border-collapse", "border-color", "border-style"}
    | {"border-width", "border-radius", "margin", "margin-top", "margin-right", "margin-bottom", "margin-left"}
    | {"padding", "padding-top", "padding-right", "padding-bottom", "padding-left", "list-style-type"}
    | {"table-layout"}
)
_LOADS = re.compile(r"\\|url|image|expression|import|var\(|attr\(|@", re.IGNORECASE)
_DATA = re.compile(r"data:(image/(?:png|jpe?g|gif|webp));base64,([A-Za-z0-9+/=\s]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SafeHtml:
    """What may be shown, for a place in a page's body; `blocked` counts the pictures elsewhere that were left out."""

    html: str
    blocked: int = 0


def made_safe(html: str, *, pictures: Mapping[str, Attachment], suspect: bool = False, remote: bool = False) -> SafeHtml:
    """The page without all that could harm; never raises, whatever the HTML.

    `pictures` are the mail's own, by content id. Links of a `suspect` mail can't be clicked, and show their whole address;
    others show their host. With `remote` pictures from elsewhere are let in.
    """
    rewriting = _Rewriting(pictures, suspect=suspect, remote=remote)
    return SafeHtml(_cleaned(rewriting.of(html), remote=remote), rewriting.blocked)


def _cleaned(html: str, *, remote: bool) -> str:
    def allowed(tag: str, attribute: str, value: str) -> str | None:
        if attribute == "href":
            return value if link_of(value) else None
        if attribute == "src":
            return value if _DATA.fullmatch(value) or (remote and _is_elsewhere(value)) else None
        return None if attribute == "style" and _LOADS.search(value) else value

    return nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags=_WITH_CONTENT,
        attributes=_ATTRIBUTES,
        attribute_filter=allowed,
        allowed_classes={"span": {"address", "picture"}},
        filter_style_properties=_STYLES,
        url_schemes={"http", "https", "mailto", "tel", "data"},
        url_relative="deny",
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )


def _is_elsewhere(address: str) -> bool:
    found = link_of(address)
    return bool(found and found.host)


class _Rewriting:
    """Puts pictures and links in the form in which they may stay."""

    def __init__(self, pictures: Mapping[str, Attachment], *, suspect: bool, remote: bool) -> None:
        self._pictures = pictures
        self._suspect = suspect
        self._remote = remote
        self._room = ROOM
        self.blocked = 0

    def of(self, html: str) -> str:
        parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
        try:
            root = etree.fromstring(html.replace("\x00", "").encode("utf-8", "replace"), parser)
            if root is None:
                return ""
            for element in list(root.iter(etree.Element)):
                element.attrib.pop("class", None)
                if element.tag == "img":
                    self._settle_picture(element)
                elif element.tag == "a":
                    self._settle_link(element)
            return str(etree.tostring(root, method="html", encoding="unicode"))
        except (etree.LxmlError, ValueError, AssertionError):
            return f"<pre>{escape(text_of_html(html))}</pre>"

    def _settle_picture(self, picture: etree._Element) -> None:
        source = self._source(picture.get("src", "").strip())
        if source:
            picture.set("src", source)
            return
        picture.tag = "span"
        words = picture.get("alt", "")
        picture.attrib.clear()
        if words.strip():
            picture.text = words
            picture.set("class", "picture")

    def _source(self, written: str) -> str:
        """What the picture may be loaded from, '' for nothing."""
        if written[:4].lower() == "cid:":
            return self._own(written[4:])
        inline = _DATA.fullmatch(written)
        if inline:
            return written if self._fits(len(written)) else ""
        link = link_of(f"https:{written}" if written.startswith("//") else written)
        if not link or not link.host:
            return ""
        self.blocked += not self._remote
        return link.address if self._remote else ""

    def _own(self, content_id: str) -> str:
        file = self._pictures.get(content_id) or self._pictures.get(_unquoted(content_id))
        kind = file.content_type.lower().replace("image/jpg", "image/jpeg") if file else ""
        if file is None or kind not in PICTURES or not self._fits(len(file.content)):
            return ""
        return f"data:{kind};base64,{base64.b64encode(file.content).decode('ascii')}"

    def _fits(self, size: int) -> bool:
        self._room -= size
        return self._room >= 0

    def _settle_link(self, anchor: etree._Element) -> None:
        link = link_of(anchor.get("href", ""))
        if link is None:
            anchor.attrib.pop("href", None)
            return
        anchor.set("href", link.address)
        shown = "".join(anchor.itertext()).strip().lower()
        if self._suspect:
            anchor.tag = "span"
            anchor.attrib.clear()
            _tell(anchor, link.address if link.address.lower() != shown else "")
        else:
            _tell(anchor, link.host if link.host not in _hosts_in(shown) else "")


def _tell(anchor: etree._Element, words: str) -> None:
    """Adds a note behind the link, in a look that nothing in the mail can have."""
    if not words:
        return
    note = etree.SubElement(anchor, "span", {"class": "address"})
    note.text = f"[{words[:300]}]"


def _hosts_in(shown: str) -> set[str]:
    """The host a link's text names, where the text is an address and nothing else."""
    link = link_of(shown if "://" in shown else f"https://{shown}")
    return {link.host} if link and " " not in shown else set()


def _unquoted(content_id: str) -> str:
    return re.sub(r"%([0-9A-Fa-f]{2})", lambda found: chr(int(found[1], 16)), content_id)
