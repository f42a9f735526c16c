"""A mail server that keeps what it is sent, and that can be told to refuse or be away."""

import logging
from base64 import b64decode
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from tests.servers.processes import free_port, wait_until

logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # aiosmtpd's: its thread may speak after pytest closed the output


@dataclass(frozen=True)
class Received:
    """One accepted mail: the envelope and the bytes."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.content, policy=policy.default)


class SmtpSink:
    """Listens in a thread; `received` grows with every mail accepted."""

    def __init__(self, *, token: str = "") -> None:
        """With a `token` only who shows it may send."""
        self.token = token
        self.port = free_port()
        self.received: list[Received] = []
        self.refused = 0
        self._refusal: str | None = None
        self._wants_sender = False
        self._controller: Controller | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def start(self) -> None:
        guarded = {"auth_required": True, "auth_require_tls": False} if self.token else {}
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, **guarded)
        self._controller.start()

    def stop(self) -> None:
        """Be away: connections are refused until the next start."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    def refuse(self, code: int = 450, reason: str = "try again later") -> None:
        """Answer every mail with this code until `accept()`: 4xx for now, 5xx for good."""
        self._refusal = f"{code} {reason}"

    def refuse_without_sender(self) -> None:
        """Answer as servers do that carry no mail whose envelope names nobody."""
        self._wants_sender = True

    def accept(self) -> None:
        self._refusal, self._wants_sender = None, False

    def clear(self) -> None:
        """Forget what came in and accept again."""
        self.received.clear()
        self.refused = 0
        self.accept()

    def wait_for(self, count: int, *, seconds: float = 20) -> list[Received]:
        """The mails received, as soon as there are `count`; AssertionError when they do not come."""
        wait_until(lambda: len(self.received) >= count, seconds=seconds, otherwise=lambda: self._too_few(count))
        return list(self.received)

    async def handle_MAIL(self, _server: Any, _session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        if self._wants_sender and address in ("", "<>"):
            return "550 5.7.60 client does not have permissions to send as this sender"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def auth_XOAUTH2(self, server: Any, words: list[str]) -> Any:  # noqa: N802  (aiosmtpd's name)
        if f"auth=Bearer {self.token}\1" in b64decode(words[1]).decode():
            return AuthResult(success=True)
        await server.challenge_auth(b'{"status":"401"}')
        return AuthResult(success=False, handled=False)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  (aiosmtpd's name)
        if self._refusal:
            self.refused += 1
            return self._refusal
        self.received.append(Received(envelope.mail_from, tuple(envelope.rcpt_tos), envelope.content))
        return "250 accepted"

    def _too_few(self, count: int) -> AssertionError:
        return AssertionError(f"{len(self.received)} of {count} mails arrived, {self.refused} were refused")
