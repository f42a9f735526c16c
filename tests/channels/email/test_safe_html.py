"""The HTML of a mail, made safe: what is shown of it, and all that must never come through."""

import pytest

from channels.email.links import Link, link_of
from channels.email.safe_html import SafeHtml, made_safe
from contact_hub.contact import Attachment

PIXEL = Attachment("put.png", "image/png", b"\x89PNG", content_id="put@post.example")


def safe(html: str, *, suspect: bool = False, remote: bool = False) -> SafeHtml:
    return made_safe(html, pictures={PIXEL.content_id: PIXEL}, suspect=suspect, remote=remote)


def test_what_a_mail_looks_like_stays() -> None:
    mail = '<p style="color:red">Dag <b>allen</b></p><table border="1"><tr><td>x</td></tr></table><ul><li>een</li></ul>'
    assert safe(mail).html.replace("<tbody>", "").replace("</tbody>", "") == mail


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg onload=alert(1)><image href='http://evil.example/x'/></svg>",
        "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
        "<meta http-equiv=refresh content='0;url=http://evil.example'>",
        "<base href='http://evil.example/'><a href='x'>y</a>",
        "<form action='http://evil.example'><input name=password><button formaction='http://evil.example'>go</button></form>",
        "<iframe src='http://evil.example'></iframe><embed src='http://evil.example'><object data='http://evil.example'></object>",
        "<link rel=stylesheet href='http://evil.example/x.css'><style>@import 'http://evil.example'</style>",
        "<p style=\"background:url('http://evil.example/x')\">a</p><p style='list-style:url(http://evil.example)'>b</p>",
        "<p style='background-image:u\\72l(http://evil.example/x)'>a</p><p style='color:red;position:fixed;top:0'>b</p>",
        "<table background='http://evil.example/x'><tr><td background='//evil.example'>a</td></tr></table>",
        "<video src='http://evil.example' poster='http://evil.example'></video><audio src='http://evil.example'></audio>",
        "<img srcset='http://evil.example/x 2x'><picture><source srcset='http://evil.example/x'></picture>",
        "<a href='javascript:alert(1)'>a</a><a href='java\tscript:alert(1)'>b</a><a href='data:text/html,<script>'>c</a>",
        "<a href='vbscript:x'>a</a><a href='file:///etc/passwd'>b</a><a href='//evil.example'>c</a>",
        "<img src='data:image/svg+xml;base64,PHN2Zz4='><img src='data:text/html,x'><img src='cid:unknown'>",
        "<img src='http://evil.example/pixel.gif'><img src='//evil.example/pixel.gif'>",
        "<div id=x class=address onclick=alert(1) data-live='#x' hx-get='/sign-out'>a</div>",
        "<a href='http://evil.example' ping='http://evil.example' target=_self>x</a>",
    ],
)
def test_nothing_of_a_hostile_mail_runs_loads_or_leaves(hostile: str) -> None:
    shown = safe(hostile).html.replace(
        '<a href="http://evil.example/" target="_blank" rel="noopener noreferrer nofollow">', "<a>"
    )
    shown = shown.replace("[evil.example]", "")
    banned = (
        "script",
        "onerror",
        "onload",
        "onclick",
        "evil.example",
        "<form",
        "<input",
        "<svg",
        "<style",
        "<base",
        "<meta",
        "url(",
    )
    assert [
        word for word in (*banned, "position", "data:", "hx-get", "data-live", "javascript:", "ping") if word in shown
    ] == []


def test_a_link_shows_its_true_host_and_opens_apart() -> None:
    shown = safe('<a href="https://lindervelde.example@evil.example/x">www.lindervelde.example</a>').html
    assert 'href="https://evil.example/x" target="_blank" rel="noopener noreferrer nofollow"' in shown
    assert 'www.lindervelde.example<span class="address">[evil.example]</span>' in shown


def test_a_link_whose_text_is_its_host_needs_no_note() -> None:
    assert "address" not in safe('<a href="https://post.example/a">https://post.example/a</a>').html
    assert "address" in safe('<a href="https://post.example/a">kijk op post.example</a>').html


def test_no_mail_can_write_a_note_of_ours() -> None:
    assert safe('<span class="address">[lindervelde.example]</span>').html == "<span>[lindervelde.example]</span>"


def test_links_of_a_suspect_mail_cannot_be_clicked_and_show_their_whole_address() -> None:
    shown = safe('<a href="https://evil.example/pay?x=1">Betaal hier</a>', suspect=True).html
    assert "href" not in shown
    assert "Betaal hier" in shown
    assert "[https://evil.example/pay?x=1]" in shown


def test_the_mails_own_pictures_are_shown_from_the_mail() -> None:
    assert safe('<img src="cid:put@post.example" alt="put">').html == '<img src="data:image/png;base64,iVBORw==" alt="put">'


def test_a_file_that_only_calls_itself_a_picture_is_none() -> None:
    svg = Attachment("x.svg", "image/svg+xml", b"<svg/>", content_id="x")
    assert made_safe('<img src="cid:x">', pictures={"x": svg}).html == "<span></span>"


def test_pictures_from_elsewhere_are_counted_and_let_in_only_on_request() -> None:
    mail = '<img src="https://post.example/logo.png" alt="logo"><img src="http://post.example/pixel.gif">'
    assert safe(mail) == SafeHtml('<span class="picture">logo</span><span></span>', blocked=2)
    assert 'src="https://post.example/logo.png"' in safe(mail, remote=True).html


def test_own_pictures_repeated_without_end_are_shown_as_long_as_there_is_room() -> None:
    big = Attachment("big.png", "image/png", b"x" * 5_000_000, content_id="big")
    assert made_safe('<img src="cid:big">' * 50, pictures={"big": big}).html.count("base64,") == 2


@pytest.mark.parametrize(
    "html", ["", " ", "\x00", "<", "<div>" * 50_000 + "x", "<a href=x>" * 5_000, "<![CDATA[", "\ud800", "<?php ?>"]
)
def test_broken_html_does_no_harm(html: str) -> None:
    assert "<script" not in safe(html).html


@pytest.mark.parametrize(
    ("written", "link"),
    [
        ("https://post.example", Link("https://post.example/", "post.example")),
        ("HTTPS:\\\\Post.Example\\a", Link("https://post.example/a", "post.example")),
        ("https:post.example/a", Link("https://post.example/a", "post.example")),
        ("https://evil.example\\@lindervelde.example/", Link("https://evil.example/@lindervelde.example/", "evil.example")),
        ("https://lindervelde.example%2f@evil.example:8080/", Link("https://evil.example:8080/", "evil.example")),
        ("ht\ntps://post.example/", Link("https://post.example/", "post.example")),
        ("https://l\u0456ndervelde.example/", Link("https://xn--lndervelde-x2i.example/", "xn--lndervelde-x2i.example")),
        ("mailto:an@post.example", Link("mailto:an@post.example")),
        ("javascript:alert(1)", None),
        ("https://", None),
        ("https://a b/", None),
        ("#top", None),
    ],
)
def test_a_link_is_read_as_a_browser_reads_it(written: str, link: Link | None) -> None:
    assert link_of(written) == link
