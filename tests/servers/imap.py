"""A real IMAP server: Dovecot where it is installed, `pymap` otherwise."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from urllib.parse import quote

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from tests.servers.dovecot import configure, dovecot, forget_numbers
from tests.servers.processes import Server


class ImapServer(Server):
    """One mailbox owner. Over a restart Dovecot keeps the mail; pymap forgets it all (`keeps_mail`)."""

    name = "imap"

    def __init__(
        self,
        user: str = "loket",
        password: str = "geheim",
        *,
        kind: str = "",
        introspection: str = "",
        mechanism: str = "xoauth2",
    ) -> None:
        super().__init__()
        self.introspection = introspection
        self.mechanism = mechanism
        self.user = user
        self.password = password
        self.kind = kind or ("dovecot" if dovecot() else "pymap")
        self.never_as_root = self.kind == "dovecot"

    @property
    def keeps_mail(self) -> bool:
        return self.kind == "dovecot"

    @property
    def url(self) -> str:
        return self.url_of("INBOX")

    @property
    def url_without_password(self) -> str:
        """The address of INBOX for one who signs in by a token."""
        return self.url.replace(f":{quote(self.password, safe='')}@", "@")

    def url_of(self, folder: str) -> str:
        """The address of one folder, as `CONTACT_HUB_MAILBOXES` wants it."""
        owner = f"{quote(self.user, safe='')}:{quote(self.password, safe='')}"
        return f"imap://{owner}@127.0.0.1:{self.port}/{quote(folder)}"

    @contextmanager
    def session(self) -> Iterator[IMAPClient]:
        """A signed-in client, for arranging and looking."""
        with IMAPClient("127.0.0.1", port=self.port, ssl=False, timeout=20) as client:
            client.login(self.user, self.password)
            yield client

    def append(self, *mails: bytes, folder: str = "INBOX") -> None:
        """Put mails in a folder, which is made if need be."""
        with self.session() as client:
            if not client.folder_exists(folder):
                client.create_folder(folder)
            for mail in mails:
                client.append(folder, mail)

    def count(self, folder: str = "INBOX") -> int:
        with self.session() as client:
            if not client.folder_exists(folder):
                return 0
            return int(client.folder_status(folder, ["MESSAGES"])[b"MESSAGES"])

    def uidvalidity(self, folder: str = "INBOX") -> int:
        with self.session() as client:
            return int(client.folder_status(folder, ["UIDVALIDITY"])[b"UIDVALIDITY"])

    def clear(self, folder: str = "INBOX") -> None:
        """Empty a folder."""
        with self.session() as client:
            client.select_folder(folder)
            found = client.search()
            if found:
                client.delete_messages(found)
                client.expunge()

    def change_uidvalidity(self) -> None:
        """Give INBOX other numbers for the same mails, as a restored back-up does."""
        if self.keeps_mail:
            before = self.uidvalidity()
            self.stop()
            forget_numbers(self.home, owner=self.user, after=before)
            self.start()
        else:
            mails = self._read_all()
            self.restart()
            self.append(*mails)

    def close(self) -> None:
        """Away with it all; no need for Dovecot's orderly second."""
        self.kill()
        super().close()

    def _answers(self) -> bool:
        try:
            with self.session():
                return True
        except (OSError, IMAPClientError):
            return False

    def _command(self) -> Sequence[str]:
        if self.kind == "dovecot":
            return configure(
                self.home,
                port=self.port,
                owner=self.user,
                password=self.password,
                introspection=self.introspection,
                mechanism=self.mechanism,
            )
        options = ["--no-tls", "--no-service", "managesieve", "--no-service", "admin"]
        listen = ["--host", "127.0.0.1", "--port", str(self.port)]
        owner = ["dict", "--demo-user", self.user, "--demo-password", self.password]
        return [sys.executable, "-c", "from pymap.main import main; main()", *options, *listen, *owner]

    def _read_all(self) -> list[bytes]:
        with self.session() as client:
            client.select_folder("INBOX", readonly=True)
            found = client.search()
            fetched = client.fetch(found, ["BODY.PEEK[]"]) if found else {}
            return [bytes(fetched[uid][b"BODY[]"]) for uid in sorted(fetched)]
