"""Whatever arrives is read or refused by name; nothing else comes out of the reader."""

import json
import re
import tracemalloc
from collections import Counter
from contextlib import suppress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from channels.email.reading import UnreadableMail, read_mail
from channels.email.report import as_json
from tests.channels.email.mails import EMAILS, RECEIVED, a_mail, read

SOUND = sorted(path.read_bytes() for path in EMAILS.glob("*.eml"))
FRAGMENTS = [
    b"Content-Type: multipart/mixed; boundary=b\n",
    b"Content-Type: text/html; charset=utf-16\n",
    b"Content-Type: message/rfc822\n",
    b"Content-Transfer-Encoding: base64\n",
    b"Content-Transfer-Encoding: x-uuencode\n",
    b"Content-Disposition: attachment; filename*0*=x''%FF%\n",
    b"Content-Type: ;;;=\n",
    b"Subject: =?utf-7?B?+AAA?= =?idna?Q?=80?= =?utf-16?B?2AA=?=\n",
    b"From: <<<\"'@>,;(\n",
    b"References: <<>> <\xff>\n",
    b"\n--b\n",
    b"\n--b--\n",
    b"\n\n",
    b"begin 644 a\n#0V%T\nend\n",
    b"\x00\xff",
    b"Op 3 mrt 2025 om 10:12 schreef a@b:\n> c\n",
]


@st.composite
def mutated_mails(draw: st.DrawFn) -> bytes:
    raw = draw(st.sampled_from(SOUND))
    for _ in range(draw(st.integers(1, 6))):
        place = draw(st.integers(0, len(raw)))
        length = draw(st.integers(0, 40))
        raw = raw[:place] + draw(st.sampled_from(FRAGMENTS) | st.binary(max_size=20)) + raw[place + length :]
    return raw


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400) | st.lists(st.sampled_from(FRAGMENTS), max_size=12).map(b"".join) | mutated_mails())
@example(b":")
@example(b"a:\r")
def test_nothing_but_unreadable_mail_comes_out_of_the_reader(raw: bytes) -> None:
    with suppress(UnreadableMail):
        contact = read_mail(raw, RECEIVED)
        assert len(contact.external_id) <= 255
        every_text = json.dumps(as_json("a.eml", contact), ensure_ascii=False) + repr(dict(contact.headers))
        assert "\\u0000" not in every_text
        assert "\\x00" not in every_text
        every_text.encode("utf-8")


def parts_of(content: st.SearchStrategy[bytes]) -> st.SearchStrategy[bytes]:
    """A part that holds others: each kind of multipart with each kind of boundary line, kept or broken, or a mail."""
    boundaries = st.sampled_from([b"b", b"b-1", b"--", b"="])
    ends = st.sampled_from([b"--%s--\n", b"", b"--%s\n", b"--%s-- \r\n"])

    def joined(kind: bytes, boundary: bytes, contents: list[bytes], end: bytes) -> bytes:
        lines = b"".join(b"--" + boundary + b"\n" + each + b"\n" for each in contents)
        return b'Content-Type: %s; boundary="%s"\n\n' % (kind, boundary) + lines + end.replace(b"%s", boundary)

    kinds = [b"multipart/" + kind for kind in (b"mixed", b"alternative", b"related", b"report", b"digest", b"signed", b"x")]
    held = st.builds(joined, st.sampled_from(kinds), boundaries, st.lists(content, max_size=4), ends)
    return held | content.map(lambda mail: b"Content-Type: message/rfc822\n\nFrom: a@b\n" + mail)


LEAF_KINDS = [b"text/plain", b"text/html", b"text/calendar", b"message/delivery-status", b"application/ms-tnef", b"", b"x"]
LEAVES = st.builds(
    lambda kind, encoding, text: b"Content-Type: %s; charset=%s\n" % (kind, encoding) + text,
    st.sampled_from(LEAF_KINDS),
    st.sampled_from([b"utf-8", b"utf-16", b"x"]),
    st.lists(st.sampled_from(FRAGMENTS) | st.binary(max_size=30), max_size=4).map(b"".join),
)


@settings(max_examples=150, deadline=None)
@given(st.recursive(LEAVES, parts_of, max_leaves=12))
def test_any_tree_of_parts_is_read(tree: bytes) -> None:
    contact = read_mail(b"From: an@post.example\n" + tree, RECEIVED)

    assert contact.sender == "an@post.example"
    json.dumps(as_json("a.eml", contact), ensure_ascii=False).encode("utf-8")


GREEDY = {
    "lines of one letter": a_mail("a\n" * 500_000),
    "short quotes": a_mail("> a\n" * 250_000),
    "quotes in HTML": a_mail("<blockquote>x" * 80_000, Content_Type="text/html"),
    "cells": a_mail("<td>a" * 80_000, Content_Type="text/html"),
    "boundaries": a_mail("--b\n" * 250_000, Content_Type="multipart/mixed; boundary=b"),
    "texts": a_mail("--b\n\nabc def\n" * 400 + "abc\n" * 250_000, Content_Type="multipart/mixed; boundary=b"),
    "mails": a_mail(
        "--b\nContent-Type: message/rfc822\n\nA: b\n\n" + "a\n" * 500_000, Content_Type="multipart/mixed; boundary=b"
    ),
    "noise": a_mail(bytes(range(256)) * 4_000),
}


@pytest.mark.parametrize("raw", GREEDY.values(), ids=GREEDY)
def test_reading_takes_at_most_ten_times_the_memory_of_the_mail(raw: bytes) -> None:
    read(raw)  # what is loaded once does not count
    tracemalloc.start()
    read(raw)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak <= 10 * len(raw)


@settings(deadline=None)
@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=60), max_size=20))
def test_every_word_of_a_text_is_in_the_message_or_the_rest(lines: list[str]) -> None:
    body = "\n".join(lines)
    contact = read(a_mail(body, Content_Transfer_Encoding="8bit"))

    assert Counter(re.findall(r"\w+", body)) == Counter(re.findall(r"\w+", f"{contact.message}\n{contact.quoted}"))


@pytest.mark.parametrize(
    "raw",
    [
        a_mail(Subject="=?utf-8?Q?" * 50_000),
        a_mail(To='"\\' * 100_000),
        a_mail(References="<" * 200_000),
        a_mail(Content_Type="text/plain" + '; a*0="x' * 50_000),
        a_mail("Op 3 mrt 2025 10:12 schreef a@b:\n" * 30_000),
        a_mail((" " * 900 + "x\n") * 2_000),
        a_mail("Met vriendelijke groeten,\n" * 30_000),
        a_mail("begin 644 a\n" * 30_000 + "end\n"),
        a_mail("<" * 300_000, Content_Type="text/html"),
        a_mail("<blockquote>x" * 10_000, Content_Type="text/html"),
        a_mail("=A" * 300_000, Content_Transfer_Encoding="base64"),
        a_mail("--bb\n" * 200_000, Content_Type="multipart/mixed; boundary=b"),
        b"X-Many: 1\n" * 200_000 + a_mail(),
    ],
    ids=range(13),
)
@pytest.mark.timeout(20)
def test_mails_made_to_stall_the_reader_do_not(raw: bytes) -> None:
    assert read(raw).channel == "email"
