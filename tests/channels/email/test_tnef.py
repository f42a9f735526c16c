"""Files wrapped into a winmail.dat."""

import base64
import struct

from hypothesis import given, settings
from hypothesis import strategies as st

from channels.email.tnef import unwrapped
from tests.channels.email.mails import a_mail, read


def an_attribute(number: int, value: bytes) -> bytes:
    return struct.pack("<BHHI", 2, number, 6, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)


def a_long_name(name: str) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    number = struct.pack("<HHI", 0x0003, 0x0E21, 7)
    return struct.pack("<I", 2) + number + struct.pack("<HHII", 0x001F, 0x3707, 1, len(text)) + text + b"\0" * (-len(text) % 4)


WINMAIL = (
    struct.pack("<IH", 0x223E9F78, 1)
    + an_attribute(0x9006, b"\x00\x00\x01\x00")
    + an_attribute(0x9002, b"\x01" + b"\x00" * 13)
    + an_attribute(0x8010, b"INPLAN~1.PDF\x00")
    + an_attribute(0x800F, b"%PDF-1.4")
    + an_attribute(0x9005, a_long_name("inplantingsplan.pdf"))
    + an_attribute(0x9002, b"\x01" + b"\x00" * 13)
    + an_attribute(0x8010, b"foto.jpg\x00")
    + an_attribute(0x800F, b"\xff\xd8\xff")
)


def test_files_come_out_with_their_long_names() -> None:
    assert [(file.name, file.content) for file in unwrapped(WINMAIL)] == [
        ("inplantingsplan.pdf", b"%PDF-1.4"),
        ("foto.jpg", b"\xff\xd8\xff"),
    ]


def test_a_mail_with_a_winmail_dat_has_the_files_that_were_in_it() -> None:
    body = (
        "--b\n\nZie bijlage.\n--b\nContent-Type: application/ms-tnef; name=winmail.dat\n"
        f"Content-Transfer-Encoding: base64\n\n{base64.b64encode(WINMAIL).decode()}\n--b--\n"
    )
    contact = read(a_mail(body, Content_Type="multipart/mixed; boundary=b"))

    assert [(file.name, file.content_type) for file in contact.attachments] == [
        ("winmail.dat", "application/ms-tnef"),
        ("inplantingsplan.pdf", "application/pdf"),
        ("foto.jpg", "image/jpeg"),
    ]


@settings(deadline=None)
@given(st.binary(), st.integers(0, len(WINMAIL)), st.integers(0, 20))
def test_a_damaged_wrapping_gives_what_can_be_read(noise: bytes, place: int, length: int) -> None:
    unwrapped(WINMAIL[:place] + noise + WINMAIL[place + length :])
