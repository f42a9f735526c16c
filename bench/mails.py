"""Made-up mails of the kinds a town receives, always the same ones for the same seed."""

import base64
import random
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import SMTP

TEXT = """geachte mevrouw mijnheer wij hebben vorige week een brief ontvangen over de ophaling van het huisvuil in onze
straat de container werd niet leeggemaakt en staat nog altijd op het voetpad graag had ik geweten wanneer dit wordt opgelost
ook het verkeersbord aan de hoek is scheef gereden bonjour nous avons une question concernant notre demande de permis pour la
rénovation de la façade hello could you tell us where to register after moving here with two children vriendelijke groeten"""
WORDS = TEXT.split()
SHARES = (("plain", 40), ("html", 25), ("attachment", 20), ("reply", 15))


def mixed(count: int, seed: int = 7) -> Iterator[bytes]:
    """`count` mails: plain, HTML with inline pictures, attachments of 20-500 KB, and replies to earlier ones."""
    dice = random.Random(seed)
    earlier: list[tuple[str, str]] = []
    kinds, weights = zip(*SHARES, strict=True)
    for number in range(count):
        kind = dice.choices(kinds, weights)[0] if earlier else "plain"
        mail = _envelope(dice, seed, number)
        text = _text(dice, dice.randint(40, 300))
        if kind == "reply":
            text = _answer(mail, dice, earlier, text)
        mail.set_content(text, cte="8bit" if dice.random() < 0.5 else "quoted-printable")
        if kind == "html":
            _add_html(mail, dice, text)
        if kind == "attachment":
            content = dice.randbytes(dice.randint(20_000, 500_000))
            mail.add_attachment(content, maintype="application", subtype="pdf", filename=f"bijlage {number}.pdf")
        earlier.append((str(mail["Message-ID"]), text))
        yield mail.as_bytes(policy=SMTP)


def huge(size: int, number: int) -> bytes:
    """One mail of about `size` bytes, nearly all of it an attachment."""
    dice = random.Random(number)
    head = _envelope(dice, 99, number)
    head.set_content("Zie bijlage.")
    head.add_attachment(b"@", maintype="application", subtype="zip", filename="plan.zip")
    block = base64.encodebytes(dice.randbytes(57 * 1000)).replace(b"\n", b"\r\n")
    return head.as_bytes(policy=SMTP).replace(b"QA==\r\n", block * (size // len(block)))


def _envelope(dice: random.Random, seed: int, number: int) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = f"Burger {number} <burger{dice.randint(0, 5000)}@post.example>"
    mail["To"] = "onthaal@lindervelde.example"
    mail["Subject"] = _text(dice, 6).strip().capitalize()
    mail["Date"] = f"Mon, 02 Nov 2026 {number // 3600 % 24:02d}:{number // 60 % 60:02d}:{number % 60:02d} +0100"
    mail["Message-ID"] = f"<{seed}.{number}@post.example>"
    mail["Received"] = "from mx.post.example by mail.lindervelde.example; Mon, 02 Nov 2026 08:00:00 +0100"
    return mail


def _text(dice: random.Random, words: int) -> str:
    return " ".join(dice.choices(WORDS, k=words)) + "\n"


def _answer(mail: EmailMessage, dice: random.Random, earlier: list[tuple[str, str]], text: str) -> str:
    message_id, quoted = dice.choice(earlier)
    mail["In-Reply-To"] = mail["References"] = message_id
    return f"{text}\nOp ma 2 nov 2026 om 08:00 schreef Burger:\n> " + quoted.replace("\n", "\n> ")


def _add_html(mail: EmailMessage, dice: random.Random, text: str) -> None:
    rows = "".join(f"<tr><td style='padding:4px'>{_text(dice, 12)}</td></tr>" for _ in range(20))
    head = "<head><style>p{margin:0}</style></head>"
    page = f"<html>{head}<body><p>{text}</p><table>{rows}</table><img src='cid:logo'></body></html>"
    mail.add_alternative(page, subtype="html")
    part = mail.get_payload()[1]  # type: ignore[index]
    for name in ("logo", "foto"):
        content = dice.randbytes(dice.randint(5_000, 40_000))
        part.add_related(content, maintype="image", subtype="png", cid=f"<{name}>", filename=f"{name}.png")  # type: ignore[union-attr]
