"""`contact-hub mailbox reconcile`: proves that every mail of a mailbox is in the hub."""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

import click

from contact_hub.cli.plainly import Stop

if TYPE_CHECKING:
    from channels.email.mailbox import Folder, Listed
    from channels.email.mailbox_address import Address
    from contact_hub.settings import Settings
    from workers.reconciling import Verdict

Report = dict[str, object]


@click.command()
@click.argument("name", default="")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Only the mail that came on this day or later.")
@click.option("--strictly", is_flag=True, help="Fetch every mail and prove it by its hash, not by its Message-ID.")
@click.option("--take-in", is_flag=True, help="Take in what is missing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for each folder.")
def reconcile(name: str, since: datetime | None, strictly: bool, take_in: bool, as_json: bool) -> None:
    """Prove that every mail of the mailboxes is in the hub.

    Walks all mailboxes, or the one called NAME (user@host/folder, as the page Counts shows it), and the folder to which its
    mail is moved. Every mail must have been taken in or set aside, unless it came before the mailbox's beginning or the
    watcher has yet to come to it. What is missing is printed with its UID, and the command ends with code 1. It marks
    nothing and moves nothing. Use it after trouble with a mail server, and whenever somebody misses a mail.

    \b
    Examples:
      contact-hub mailbox reconcile
      contact-hub mailbox reconcile onthaal@mail.lindervelde.example/INBOX --since 2026-11-01 --take-in
    """
    from contact_hub.cli.binding import bound

    settings = bound(beside=True)
    day = since.date() if since else None
    reports = [
        _reconciled(settings, address, day, strictly=strictly, take_in=take_in, quiet=as_json)
        for address in _folders(_named(settings, name))
    ]
    for report in reports:
        click.echo(json.dumps(report) if as_json else _in_words(report))
    if any(report["missing"] for report in reports):
        raise SystemExit(1)


def _named(settings: "Settings", name: str) -> list["Address"]:
    from workers.mailbox import addresses_of

    addresses = addresses_of(settings)
    found = [each for each in addresses if name in ("", each.name)]
    if not found:
        known = ", ".join(each.name for each in addresses) or "none: CONTACT_HUB_MAILBOXES is empty"
        raise Stop(f"There is no mailbox {name or 'to walk'}. Known are: {known}.")
    return found


def _folders(addresses: Iterable["Address"]) -> list["Address"]:
    """The folders that are read, and those to which mail is moved."""
    moved = [replace(each, folder=each.move_to, move_to="") for each in addresses if each.move_to]
    return [*addresses, *{each.name: each for each in moved}.values()]


def _reconciled(
    settings: "Settings", address: "Address", since: date | None, *, strictly: bool, take_in: bool, quiet: bool
) -> Report:
    """Walks one folder; what could not be taken in stays missing."""
    from imapclient.exceptions import IMAPClientError

    from channels.email.mailbox import Folder, FolderClosed
    from channels.email.oauth import TokenRefused, TokenServerAway
    from workers.signing_in import credentials_of, tokens_of

    try:
        with Folder(address, credentials_of(address, tokens_of(settings)), readonly=True) as folder:
            return _walked(folder, since, strictly=strictly, take_in=take_in, quiet=quiet)
    except FolderClosed as error:
        raise Stop(f"The folder {address.name} can't be opened.") from error
    except (OSError, IMAPClientError, TokenRefused, TokenServerAway) as error:
        raise Stop(f"The mailbox {address.name} can't be read: {type(error).__name__}.") from error


def _walked(folder: "Folder", since: date | None, *, strictly: bool, take_in: bool, quiet: bool) -> Report:
    from workers.reconciling import MISSING, STATES, Walk, listed_in

    walk = Walk(folder, strictly=strictly)
    listed = listed_in(folder, since)
    counts: Counter[str] = Counter()
    missing: list[Verdict] = []
    with click.progressbar(length=len(listed), label=folder.address.name, file=sys.stderr, hidden=quiet) as progress:
        for verdict in walk.verdicts(listed):
            counts[verdict.state] += 1
            missing += [verdict] if verdict.state == MISSING else []
            progress.update(1)
    taken = walk.take_in([each.mail for each in missing]) if take_in else frozenset()
    left = [each for each in missing if each.mail.uid not in taken]
    return {
        "mailbox": folder.address.name,
        "mails": len(listed),
        **{state: counts[state] for state in STATES if state != MISSING},
        "taken_in_now": len(taken),
        "missing": [_missing(each.mail, each.message_id) for each in left],
    }


def _missing(mail: "Listed", message_id: str) -> dict[str, object]:
    return {"uid": mail.uid, "received": mail.received.isoformat(), "size": mail.size, "message_id": message_id}


def _in_words(report: Report) -> str:
    """A line with the counts, and one for each mail that is missing."""
    missing = report["missing"]
    assert isinstance(missing, Sequence)
    lines = [
        f"{report['mailbox']}: {report['mails']} mails; in the hub by Message-ID {report['by_id']}, hash {report['by_hash']}; "
        f"set aside {report['set_aside']}; before the beginning {report['before']}; still to be read {report['waiting']}; "
        f"taken in now {report['taken_in_now']}; missing {len(missing)}."
    ]
    lines += [f"  missing: UID {each['uid']}, came {each['received']}, {each['size']} bytes" for each in missing]
    return "\n".join(lines)
