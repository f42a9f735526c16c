"""From encoded bytes to bytes, from bytes to text, from HTML to what a person sees."""

import base64
import binascii

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.email.charsets import text_of
from channels.email.html_text import text_of_html
from channels.email.transfer import bytes_of
from channels.email.uuencoding import unwrapped


@pytest.mark.parametrize(
    ("data", "declared", "text"),
    [
        ("élan".encode(), "utf-8", "élan"),
        ("élan".encode("cp1252"), "iso-8859-1", "élan"),
        ("€ 5".encode("cp1252"), "iso-8859-1", "€ 5"),
        ("élan".encode("cp1252"), "us-ascii", "élan"),
        ("élan".encode("cp1252"), "", "élan"),
        ("élan".encode("cp1252"), "utf-8", "élan"),
        ("élan".encode(), "iso-8859-1", "élan"),
        ("élan".encode(), "x-unknown", "élan"),
        ("élan".encode(), "rot13", "élan"),
        (b"a+2AA-b", "utf-7", "a?b"),
        ("żółw".encode("iso-8859-2"), '"ISO-8859-2"', "żółw"),
        ("漢字".encode("gb18030"), "gb2312", "漢字"),
        ("ツール".encode("cp932"), "iso-2022-jp", "ツール"),
        (b"\x1b$B-!\x1b(B", "iso-2022-jp", "①"),
        ("één zin, één teken stuk: é".encode()[:-1], "utf-8", "één zin, één teken stuk: \ufffd"),
    ],
)
def test_text_is_read_whatever_it_claims_to_be(data: bytes, declared: str, text: str) -> None:
    assert text_of(data, declared) == text


@settings(deadline=None)
@given(st.binary(), st.text(max_size=20) | st.sampled_from(["utf-7", "utf-16", "iso-2022-jp", "hz", "idna"]))
def test_any_bytes_under_any_name_become_text(data: bytes, declared: str) -> None:
    text_of(data, declared).encode("utf-8")


@settings(deadline=None)
@given(st.binary(max_size=500), st.sampled_from([b"\n", b"\r\n"]))
def test_base64_is_undone_with_and_without_its_padding(content: bytes, line_end: bytes) -> None:
    encoded = base64.encodebytes(content).replace(b"\n", line_end)

    assert bytes_of(encoded, 0, len(encoded), "Base64 ") == content
    bare = encoded.replace(b"=", b"").strip()
    assert bytes_of(bare, 0, len(bare), "base64") == content


def test_base64_joined_from_pieces_is_undone_whole() -> None:
    assert bytes_of(b"QQ==\nQkI=\nQ0ND", 0, 14, "base64") == b"ABBCCC"


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_uuencode_is_undone(content: bytes) -> None:
    lines = [binascii.b2a_uu(content[place : place + 45]) for place in range(0, len(content), 45)]

    assert unwrapped(b"begin 644 a\n" + b"".join(lines) + b"`\nend\n") == content


def test_html_becomes_the_lines_a_person_sees() -> None:
    html = """<html><head><title>weg</title><style>p{}</style></head><body><!-- weg -->
        <h1>Beste</h1><p>De   put&nbsp;in<br>de <b>B</b>oom&eacute;straat.</p>
        <ul><li>een</li><li>twee</li></ul><table><tr><td>Naam</td><td>Jan</td></tr></table>
        <blockquote>Vorige <blockquote>ouder</blockquote></blockquote><script>weg()</script>Einde</body></html>"""

    assert text_of_html(html) == (
        "Beste\n\nDe put in\nde Booméstraat.\n\n- een\n- twee\nNaam Jan\n\n> Vorige\n\n> > ouder\n\nEinde"
    )


def test_lines_of_preformatted_text_stay_lines() -> None:
    assert text_of_html("<pre>een\n  twee\n\ndrie</pre>") == "een\n  twee\n\ndrie"


def test_words_under_a_thousand_levels_are_seen() -> None:
    assert "diep" in text_of_html("<div>" * 3_000 + "diep" + "</div>" * 3_000)


@settings(deadline=None)
@given(st.text() | st.lists(st.sampled_from(["<p>", "</p>", "<", ">", "<!--", "<td", "&#0;", "a", "<pre>", "\n"])).map("".join))
def test_any_html_becomes_text(html: str) -> None:
    text_of_html(html)
