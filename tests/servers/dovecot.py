"""How Dovecot is told to serve one owner, unprivileged, on one port: 2.3 and 2.4 speak different languages."""

import grp
import os
import shutil
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from tests.servers.processes import server_user

COMMON = """\
listen = 127.0.0.1
base_dir = {home}/run
state_dir = {home}/state
log_path = /dev/stderr
info_log_path = /dev/null
ssl = no
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = {uid}
mail_fsync = never
auth_failure_delay = 0
mail_max_userip_connections = 1000
imap_idle_notify_interval = 30s
service imap-login {{
  chroot =
{restarts}
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

LANGUAGES = {
    "2.3": """\
protocols = imap
disable_plaintext_auth = no
mail_location = maildir:{home}/mail/%u
passdb {{
  driver = passwd-file
  args = scheme=plain username_format=%u {home}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}/mail/%u
}}
""",
    "2.4": """\
dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
protocols {{
  imap = yes
}}
auth_allow_cleartext = yes
mail_driver = maildir
mail_path = {home}/mail/%{{user}}
passdb passwd-file {{
  passwd_file_path = {home}/users
  default_password_scheme = plain
}}
userdb static {{
  fields {{
    uid = {uid}
    gid = {gid}
    home = {home}/mail/%{{user}}
  }}
}}
""",
}
BY_TOKEN = {
    "2.3": """\
auth_mechanisms = {mechanism}
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {home}/oauth2.conf
}}
""",
    "2.4": """\
auth_mechanisms = {mechanism}
oauth2 {{
  introspection_mode = get
  introspection_url = {introspection}
  username_attribute = username
  active_attribute = active
  active_value = true
}}
passdb oauth2 {{
}}
""",
}
INTROSPECTION = """\
introspection_mode = get
introspection_url = {introspection}
username_attribute = username
active_attribute = active
active_value = true
"""
RESTARTS = {"2.3": "  service_count = 0", "2.4": "  restart_request_count = unlimited"}


@cache
def dovecot() -> str | None:
    """Where Dovecot is; None where it is missing, or speaks a language not known here."""
    found = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin")
    return found if found and _language(found) in LANGUAGES else None


def configure(
    home: Path, *, port: int, owner: str, password: str, introspection: str = "", mechanism: str = "xoauth2"
) -> list[str]:
    """Write what Dovecot reads into `home`; give the command that starts it.

    With the `introspection` address of a token server the owner may sign in by a token too, with this mechanism.
    """
    command = dovecot()
    assert command
    language = _language(command)
    user = server_user()
    values = {
        "home": home,
        "port": port,
        "user": user.pw_name,
        "group": grp.getgrgid(user.pw_gid).gr_name,
        "uid": user.pw_uid,
        "gid": user.pw_gid,
        "restarts": RESTARTS[language],
        "introspection": introspection,
        "mechanism": f"plain login {mechanism}",
    }
    by_token = BY_TOKEN[language] if introspection else ""
    (home / "users").write_text(f"{owner}:{password}\n")
    (home / "dovecot.conf").write_text((LANGUAGES[language] + by_token + COMMON).format(**values))
    (home / "oauth2.conf").write_text(INTROSPECTION.format(**values))
    for name in ("users", "dovecot.conf", "oauth2.conf"):
        (home / name).chmod(0o644)
    return [command, "-F", "-c", str(home / "dovecot.conf")]


def forget_numbers(home: Path, *, owner: str, after: int) -> None:
    """Remove the lists of UIDs of a stopped server: the mails get new ones, under a UIDVALIDITY that differs from `after`."""
    mailbox = home / "mail" / owner
    for name in mailbox.glob("dovecot*"):
        name.unlink()
    names = mailbox / "dovecot-uidlist"
    names.write_text(f"3 V{after + 1} N1\n")
    user = server_user()
    shutil.chown(names, user.pw_uid, user.pw_gid)


def fill(home: Path, *, owner: str, mails: Sequence[bytes], again: int, first: int = 1) -> None:
    """Lays mails into the INBOX of a server not yet started, numbered from `first`, and the last of them `again` so often."""
    inbox, user = home / "mail" / owner, server_user()
    (inbox / "cur").mkdir(parents=True)
    names = [f"{number}.M0P1.hub,S={len(mails[min(number, len(mails)) - 1])}" for number in range(1, len(mails) + again + 1)]
    for name, mail in zip(names, mails, strict=False):
        (inbox / "cur" / f"{name}:2,").write_bytes(mail)
    for name in names[len(mails) :]:
        os.link(inbox / "cur" / f"{names[len(mails) - 1]}:2,", inbox / "cur" / f"{name}:2,")
    lines = [f"3 V7 N{first + len(names)}", *(f"{uid} :{name}" for uid, name in enumerate(names, start=first))]
    (inbox / "dovecot-uidlist").write_text("\n".join(lines) + "\n")
    for folder in (home / "mail", inbox, inbox / "cur", inbox / "dovecot-uidlist"):
        os.chown(folder, user.pw_uid, user.pw_gid)


def _language(command: str) -> str:
    version = subprocess.run([command, "--version"], capture_output=True, text=True, check=False).stdout
    return ".".join(version.split(".")[:2])
