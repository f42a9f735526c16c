"""The tree of parts: the same as the standard library finds in sound mails, and bounded in hostile ones."""

import email
import email.policy
from email.message import EmailMessage

from hypothesis import given, settings
from hypothesis import strategies as st

from channels.email.splitting import DEEPEST, MOST_PARTS, Part, split
from channels.email.transfer import bytes_of
from tests.channels.email.mails import a_mail, read

CONTENTS = st.binary(max_size=300) | st.sampled_from([b"--b", b"\n--b\n--b--\n", b"=" * 80, b"From x\n.\n"])


@st.composite
def sound_mails(draw: st.DrawFn) -> EmailMessage:
    """A mail as Python writes it: a text, then files and mails within mails in some transfer encoding."""
    mail = EmailMessage()
    mail["Subject"] = draw(st.text("abc é", max_size=30))
    mail.set_content(draw(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=200)))
    for content in draw(st.lists(CONTENTS, max_size=4)):
        encoding = draw(st.sampled_from(["base64", "quoted-printable"]))
        mail.add_attachment(content, "application", "octet-stream", filename="a.bin", cte=encoding)
    if draw(st.booleans()):
        mail.add_alternative("<p>Dag</p>", subtype="html") if not mail.is_multipart() else None
    return mail


def leaves(part: Part) -> list[Part]:
    return [leaf for child in part.parts for leaf in leaves(child)] if part.parts else [part]


@settings(deadline=None)
@given(sound_mails(), st.sampled_from([b"\n", b"\r\n"]))
def test_sound_mails_split_as_the_standard_library_splits_them(mail: EmailMessage, line_end: bytes) -> None:
    raw = mail.as_bytes(policy=email.policy.compat32.clone(linesep=line_end.decode(), max_line_length=None))
    expected = [part for part in email.message_from_bytes(raw).walk() if not part.is_multipart()]

    found = leaves(split(raw))

    assert [part.kind for part in found] == [part.get_content_type() for part in expected]
    contents = [bytes_of(raw, part.start, part.end, _encoding(part)) for part in found]
    assert contents == [part.get_payload(decode=True) for part in expected]


def test_a_boundary_that_begins_another_is_not_mistaken_for_it() -> None:
    raw = a_mail(
        "--b\nContent-Type: multipart/mixed; boundary=b-1\n\n--b-1\n\neen\n--b-1--\n--b\n\ntwee\n--b--\n",
        Content_Type="multipart/mixed; boundary=b",
    )

    assert read(raw).message == "een\n\ntwee"


def test_a_mail_cut_off_in_its_last_part_keeps_what_arrived() -> None:
    raw = a_mail(
        "--b\n\nZie foto\n--b\nContent-Type: image/png; name=foto.png\nContent-Transfer-Encoding: base64\n\niVBORw",
        Content_Type="multipart/mixed; boundary=b",
    )

    assert [file.content for file in read(raw).attachments] == [b"\x89PNG"]


def test_a_mail_nested_without_end_is_kept_whole_below_the_bound() -> None:
    levels = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(1, 1000))
    raw = a_mail(f"--b0\n{levels}\n\ndiep\n", Content_Type="multipart/mixed; boundary=b0")

    part, depth = split(raw), 0
    while part.parts:
        part, depth = part.parts[0], depth + 1

    assert depth == DEEPEST
    assert read(raw).attachments[0].content.endswith(b"diep\n")


def test_parts_without_number_are_kept_whole_beyond_the_bound() -> None:
    body = "".join(f"--b\nContent-Type: text/plain\n\ndeel {n}\n" for n in range(5_000))
    contact = read(a_mail(body, Content_Type="multipart/mixed; boundary=b"))

    assert len(contact.attachments) == 1
    assert len(leaves(split(contact.raw))) < MOST_PARTS
    assert b"deel 4999" in contact.attachments[0].content


def _encoding(part: Part) -> str:
    return part.headers.text("content-transfer-encoding")
