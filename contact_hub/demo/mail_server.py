"""A real mail server in memory, for the demo: mail comes in by SMTP and is read by IMAP; nothing ever leaves it.

What is written to the town lands in the town's mailbox, where the watcher finds it; all else, such as the hub's answers,
lands in the mailbox of the citizens, where anybody may read it.
"""

import asyncio
import signal
from argparse import Namespace
from collections.abc import Iterable
from contextlib import AsyncExitStack
from datetime import UTC, datetime

import click
from aiosmtpd.smtp import SMTP, Envelope, Session
from pymap.backend.dict import Config, DictBackend, Identity, Login
from pymap.imap import IMAPService
from pymap.parsing.message import AppendMessage
from pymap.user import UserMetadata
from pysasl.hashing import Cleartext

from contact_hub.demo.mailboxes import CITIZENS, PASSWORD, TOWN, TOWN_DOMAIN

HOST = "127.0.0.1"
LARGEST_MAIL = 30 << 20  # bytes


class Mailboxes:
    """The two mailboxes, and who of them gets a mail."""

    def __init__(self, login: Login) -> None:
        self._login = login

    async def open(self) -> None:
        """Makes both."""
        for name in (TOWN, CITIZENS):
            await self._owner(name).set(UserMetadata(self._login.config, name, password=PASSWORD))

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Puts a mail where its recipients read it: once for each mailbox."""
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        for owner in _owners(envelope.rcpt_tos):
            async with self._owner(owner).new_session() as mailbox:
                await mailbox.append_messages("INBOX", [AppendMessage(content, datetime.now(UTC))])
        return "250 accepted"

    def _owner(self, name: str) -> Identity:
        return Identity(name, self._login, None, frozenset())


def _owners(recipients: Iterable[str]) -> set[str]:
    return {TOWN if address.lower().endswith(f"@{TOWN_DOMAIN}") else CITIZENS for address in recipients}


async def serve(imap_port: int, smtp_port: int) -> None:
    """Serves both protocols on the loopback address until SIGTERM or SIGINT."""
    unused = Namespace(passlib_cfg=None, proxy_protocol=None, inherited_sockets=None)
    config = Config(
        unused,
        host=HOST,
        port=imap_port,
        tls_enabled=False,
        secure_auth=False,
        hash_context=Cleartext(),
        demo_data=False,
        demo_user=TOWN,
        demo_password=PASSWORD,
    )
    config.apply_context()
    backend = DictBackend(Login(config), config)
    mailboxes = Mailboxes(backend.login)
    await mailboxes.open()
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    async with AsyncExitStack() as stack:
        await IMAPService(backend, config).start(stack)
        smtp = await asyncio.get_running_loop().create_server(
            lambda: SMTP(mailboxes, hostname=TOWN_DOMAIN, data_size_limit=LARGEST_MAIL, enable_SMTPUTF8=True), HOST, smtp_port
        )
        stack.callback(smtp.close)
        await stopped.wait()


@click.command()
@click.option("--imap", "imap_port", type=int, required=True)
@click.option("--smtp", "smtp_port", type=int, required=True)
def main(imap_port: int, smtp_port: int) -> None:
    """Serve the demo's mail on these two ports."""
    asyncio.run(serve(imap_port, smtp_port))


if __name__ == "__main__":
    main()
