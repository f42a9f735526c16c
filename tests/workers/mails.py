"""Mails as citizens of an invented town send them, with bytes under the test's control."""

from email.message import EmailMessage

LETTERS = 60_000  # bytes of an attachment now and then


def a_mail(number: int, **headers: str) -> bytes:
    """A short mail; every tenth brings a photograph along, every seventh answers the one before it."""
    mail = EmailMessage()
    mail["From"] = f"Citizen {number} <citizen{number}@example.org>"
    mail["To"] = "loket@lindervelde.example"
    mail["Subject"] = f"Een vraag, nummer {number}"
    mail["Message-ID"] = f"<mail-{number}@example.org>"
    mail["Date"] = "Mon, 23 Nov 2026 10:00:00 +0100"
    if number % 7 == 0:
        mail["In-Reply-To"] = f"<mail-{number - 1}@example.org>"
    for name, value in headers.items():
        del mail[name.replace("_", "-")]
        mail[name.replace("_", "-")] = value
    mail.set_content(f"Goedendag,\n\nkan ik bericht {number} ook aan het loket afgeven?\n\nMet vriendelijke groet\nRoos")
    if number % 10 == 0:
        photograph = bytes(range(256)) * (LETTERS // 256)
        mail.add_attachment(photograph, maintype="image", subtype="jpeg", filename=f"foto {number}.jpg")
    return mail.as_bytes()


def a_big_mail(number: int, size: int) -> bytes:
    """A mail of about `size` bytes, nearly all of it one attachment."""
    head = (
        f"From: big{number}@example.org\r\nTo: loket@lindervelde.example\r\nSubject: Plannen\r\n"
        f"Message-ID: <big-{number}@example.org>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/mixed; boundary="grens"\r\n\r\n'
        "--grens\r\nContent-Type: text/plain\r\n\r\nIn bijlage de plannen.\r\n"
        "--grens\r\nContent-Type: application/pdf; name=plan.pdf\r\nContent-Disposition: attachment; filename=plan.pdf\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\n"
    )
    line = b"QUJD" * 19 + b"\r\n"
    return head.encode() + f"{number:04d}".encode() + b"\r\n" + line * (size // len(line)) + b"--grens--\r\n"


def no_mail_at_all() -> bytes:
    """Bytes that no reader takes for a mail: not one header field."""
    return b"\r\n\r\n \r\n"
