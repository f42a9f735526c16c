"""Mail on its way out: what the hub writes as a MIME message, and the server that takes it or says why not."""

import re
import smtplib
from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urlsplit

from channels.email.credentials import Bearer, Credentials, Password
from channels.email.html_letter import html_letter
from channels.email.oauth import TokenRefused, Tokens, TokenServerAway
from contact_hub import troubles
from contact_hub.contact import Attachment
from contact_hub.mail_accounts import SCHEMES
from contact_hub.texts import storable

TIMEOUT = 20  # seconds for each step of the conversation
MOST_REFERENCES = 12  # the first and the latest of a long thread: enough for every mail program
REPLIED = "auto-replied"
AUTOMATIC = {"receipt": REPLIED, "answer": ""}  # RFC 3834; what else the hub writes is auto-generated
TOO_BIG = 552

# Folding at 78 breaks long Message-IDs, and not every server takes eight bits.
_POLICY = SMTP.clone(max_line_length=998, cte_type="7bit")
_PLAIN_ID = re.compile(r"[!-;=?-~]{1,250}")  # printable ASCII without angle brackets


class Refused(Exception):
    """The mail was not taken. `reason` says why, `for_good` whether it makes no sense to try it again."""

    def __init__(self, reason: str, *, for_good: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.for_good = for_good


class ServerAway(Exception):
    """The mail server can't be used at all, by no mail; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class BadMailServerUrl(ValueError):
    """The URL of the mail server can't be used."""


def compose(
    *,
    sender: str,
    recipient: str,
    subject: str,
    text: str,
    message_id: str,
    answers: Sequence[str],
    kind: str,
    at: datetime,
    attachments: Sequence[Attachment] = (),
    quoted: str = "",
    reply_to: str = "",
    language: str = "",
) -> EmailMessage:
    """The mail, with the headers that thread it at the citizen's side and tell machines when a machine wrote it.

    `answers` are message ids, nearest first; `kind` is that of the message: answer, receipt, or other. `quoted` is what is
    answered, behind `> `; it stands below the text. Raises Refused for an address that can't stand in a mail.
    """
    if "@" not in recipient or parseaddr(recipient)[1] != recipient or not recipient.isprintable():
        raise Refused(troubles.BAD_ADDRESS, for_good=True)
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = sender
    mail["To"] = recipient
    if reply_to:
        mail["Reply-To"] = reply_to
    mail["Subject"] = _one_line(subject)
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{message_id}>"
    _thread(mail, answers)
    if automatic := AUTOMATIC.get(kind, "auto-generated"):
        mail["Auto-Submitted"] = automatic
        mail["X-Auto-Response-Suppress"] = "All"
    text, quoted = storable(text), storable(quoted)
    mail.set_content("\n\n".join(filter(None, (text, quoted))))
    mail.add_alternative(html_letter(text, quoted, language=language), subtype="html")
    for each in attachments:
        maintype, _, subtype = each.content_type.partition("/")
        if maintype in {"multipart", "message"} or not _is_type(each.content_type):
            maintype, subtype = "application", "octet-stream"
        mail.add_attachment(each.content, maintype=maintype, subtype=subtype, filename=_one_line(each.name))
    if language:  # last: adding a part takes the headers on the content along
        mail["Content-Language"] = language
    return mail


class MailServer:
    """The server that carries our mail; one connection serves many mails, opened when the first one goes.

    The URL is `smtp://`, `smtp+starttls://` or `smtps://`, with `user:password@` where the server wants a sign-in; a user
    without a password signs in by one of the `tokens`.
    """

    def __init__(self, url: str, tokens: Tokens | None = None) -> None:
        parts = urlsplit(url)
        if parts.scheme not in SCHEMES or not parts.hostname:
            raise BadMailServerUrl("the mail server is written as smtp://, smtp+starttls:// or smtps:// and a host")
        self._scheme, self._host = parts.scheme, parts.hostname
        try:
            self._port = parts.port or SCHEMES[parts.scheme]
        except ValueError:
            raise BadMailServerUrl("its port is a number; a /, : or @ in a password is percent-encoded") from None
        self._user = unquote(parts.username or "")
        by_token = tokens if parts.password is None else None
        self._credentials: Credentials = Bearer(by_token) if by_token else Password(unquote(parts.password or ""))
        self._open: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._open:
            self._open.close()

    def send(self, mail: EmailMessage) -> None:
        """Hands the mail over. Raises Refused when the server does not want it, ServerAway when there is no server to ask."""
        server = self._connected()
        try:
            _hand_over(server, mail)
        except smtplib.SMTPServerDisconnected as error:
            self._lose()
            raise ServerAway(troubles.CONNECTION_BROKE) from error
        except smtplib.SMTPException as error:
            if server.sock is None:  # it hung up as well (421)
                self._lose()
            raise refusal(error) from error
        except OSError as error:
            self._lose()
            raise ServerAway(troubles.CONNECTION_BROKE) from error

    def _connected(self) -> smtplib.SMTP:
        if self._open is None:
            try:
                self._open = self._connect()
            except (smtplib.SMTPException, TokenRefused, TokenServerAway, OSError) as error:
                raise ServerAway(_why_away(error)) from error
        return self._open

    def _connect(self) -> smtplib.SMTP:
        kind = smtplib.SMTP_SSL if self._scheme == "smtps" else smtplib.SMTP
        server = kind(self._host, self._port, timeout=TIMEOUT)
        try:
            if self._scheme == "smtp+starttls":
                server.starttls()
            if self._user:
                self._credentials.sign_in_to_send(server, self._user)
        except BaseException:
            server.close()
            raise
        return server

    def _lose(self) -> None:
        if self._open:
            self._open.close()
            self._open = None


def refusal(error: smtplib.SMTPException) -> Refused:
    """What a server's answer means for the mail: 5xx is for good (RFC 5321), unless it is about us and not about the mail."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
        return Refused(_words(code, said), for_good=code >= 500)
    if isinstance(error, smtplib.SMTPSenderRefused):
        return Refused(_words(error.smtp_code, error.smtp_error), for_good=error.smtp_code == TOO_BIG)
    if isinstance(error, smtplib.SMTPResponseException):
        return Refused(_words(error.smtp_code, error.smtp_error), for_good=error.smtp_code >= 500)
    return Refused("the mail server can't carry this address", for_good=isinstance(error, smtplib.SMTPNotSupportedError))


def _hand_over(server: smtplib.SMTP, mail: EmailMessage) -> None:
    """In an envelope of the sender's own domain, so that SPF and DKIM fit the From.

    What a machine replied must bounce to nobody (RFC 3834): it has no sender in its envelope, but with servers that carry no
    mail without one.
    """
    own, recipients = parseaddr(mail["From"])[1], [str(mail["To"])]
    if mail["Auto-Submitted"] == REPLIED:
        try:
            server.send_message(mail, from_addr="", to_addrs=recipients)
        except smtplib.SMTPSenderRefused as error:
            if error.smtp_code < 500 or server.sock is None:
                raise
        else:
            return
    server.send_message(mail, from_addr=own, to_addrs=recipients)


def _thread(mail: EmailMessage, answers: Sequence[str]) -> None:
    plain = [each for each in answers if _PLAIN_ID.fullmatch(each)]
    if not plain:
        return
    mail["In-Reply-To"] = f"<{plain[0]}>"
    oldest_first = plain[::-1]
    if len(oldest_first) > MOST_REFERENCES:
        oldest_first = [oldest_first[0], *oldest_first[1 - MOST_REFERENCES :]]
    mail["References"] = " ".join(f"<{each}>" for each in oldest_first)


def _one_line(text: str) -> str:
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())


def _is_type(content_type: str) -> bool:
    return re.fullmatch(r"[a-z]+/[a-z0-9.+-]+", content_type) is not None


def _why_away(error: Exception) -> str:
    if isinstance(error, TokenRefused):
        return f"{troubles.TOKEN_REFUSED}: {error.reason}"
    if isinstance(error, TokenServerAway):
        return troubles.TOKEN_SERVER_AWAY
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return troubles.SENDER_REFUSED
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{troubles.UNWILLING}: {error.smtp_code}"
    return troubles.UNREACHABLE


def _words(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"{code} {_one_line(text)}"[:500]
