"""A real IMAP server: Dovecot 2.3 where it is installed, `pymap` otherwise."""

import grp
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from tests.servers.processes import Server, server_user

DOVECOT_CONFIGURATION = """\
protocols = imap
listen = 127.0.0.1
base_dir = {home}/run
state_dir = {home}/state
log_path = /dev/stderr
info_log_path = /dev/null
ssl = no
disable_plaintext_auth = no
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = {uid}
mail_location = maildir:{home}/mail/%u
mail_fsync = never
mail_max_userip_connections = 1000
imap_idle_notify_interval = 30 s
maildir_very_dirty_syncs = no
passdb {{
  driver = passwd-file
  args = scheme=plain username_format=%u {home}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}/mail/%u
}}
service imap-login {{
  chroot =
  service_count = 0
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


class ImapServer(Server):
    """One mailbox owner. Over a restart Dovecot keeps the mail; pymap forgets it all (`keeps_mail`)."""

    name = "imap"

    def __init__(self, user: str = "loket", password: str = "geheim", *, kind: str = "") -> None:
        super().__init__()
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
            self._forget_numbers(after=before)
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
            return [str(dovecot()), "-F", "-c", str(self._configure_dovecot())]
        options = ["--no-tls", "--no-service", "managesieve", "--no-service", "admin"]
        listen = ["--host", "127.0.0.1", "--port", str(self.port)]
        owner = ["dict", "--demo-user", self.user, "--demo-password", self.password]
        return [sys.executable, "-c", "from pymap.main import main; main()", *options, *listen, *owner]

    def _configure_dovecot(self) -> Path:
        user = server_user()
        (self.home / "users").write_text(f"{self.user}:{self.password}\n")
        (self.home / "users").chmod(0o644)
        configuration = self.home / "dovecot.conf"
        configuration.write_text(
            DOVECOT_CONFIGURATION.format(
                home=self.home,
                port=self.port,
                user=user.pw_name,
                group=grp.getgrgid(user.pw_gid).gr_name,
                uid=user.pw_uid,
                gid=user.pw_gid,
            )
        )
        return configuration

    def _forget_numbers(self, *, after: int) -> None:
        """Remove Dovecot's lists of UIDs; the mails get new ones, under a UIDVALIDITY that differs from `after`."""
        mailbox = self.home / "mail" / self.user
        for name in mailbox.glob("dovecot*"):
            name.unlink()
        names = mailbox / "dovecot-uidlist"
        names.write_text(f"3 V{after + 1} N1\n")
        user = server_user()
        shutil.chown(names, user.pw_uid, user.pw_gid)

    def _read_all(self) -> list[bytes]:
        with self.session() as client:
            client.select_folder("INBOX", readonly=True)
            found = client.search()
            fetched = client.fetch(found, ["BODY.PEEK[]"]) if found else {}
            return [bytes(fetched[uid][b"BODY[]"]) for uid in sorted(fetched)]


def dovecot() -> str | None:
    """Where Dovecot 2.3 is; None where it is missing or speaks another configuration language."""
    found = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin")
    if found is None:
        return None
    version = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout
    return found if version.startswith("2.3.") else None
