"""`contact-hub rules publish, diff, rollback, export, editions`: what decides, who published it, and the way back."""

import getpass
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from contact_hub.cli.plainly import Stop
from contact_hub.cli.rules_given import print_mistakes, text_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from contact_hub.editions import Edition
    from contact_hub.next_edition import Overtaken
    from contact_hub.routing.file.changes import Changes

LISTED = 20
CHANGED = {
    "added": "new",
    "removed": "gone",
    "changed": "changed",
    "moved": "elsewhere",
    "queues_added": "new queues",
    "queues_removed": "queues gone",
    "queues_changed": "queues changed",
    "topics_added": "new topics",
    "topics_removed": "topics gone",
    "topics_changed": "topics changed",
    "calendars_added": "new calendars",
    "calendars_removed": "calendars gone",
    "calendars_changed": "calendars changed",
}

_why = click.option("--reason", required=True, help="Why; somebody will ask.")
_who = click.option("--author", default="", help="Who publishes; otherwise who is signed in to this machine.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@_why
@_who
@click.option("--onto", type=int, help="The edition FILE was made from; when a newer one decides, nothing is published.")
def publish(file: Path, reason: str, author: str, onto: int | None) -> None:
    """Put a rules file in force.

    It is checked as `rules check` does; a mistake, a broken example or a finding that blocks ends the command with code 1
    and changes nothing. All processes decide by the new edition within two seconds, without a restart. With --onto the
    command refuses to overwrite what a colleague published in the meantime, and shows it.

    \b
    Example:
      contact-hub rules export -o draft.yaml        (says the edition's number)
      contact-hub rules publish draft.yaml --onto 12 --reason "Christmas trees go to the parks"
    """
    from contact_hub import publishing

    text = text_of(file)
    _published(lambda: publishing.publish(text, author=author or _somebody(), reason=reason, onto=onto), file)


@click.command()
@click.argument("number", type=int)
@_why
@_who
def rollback(number: int, reason: str, author: str) -> None:
    """Publish an earlier edition again.

    Its text becomes the next edition; everything published in between stays in the list.

    \b
    Example:
      contact-hub rules rollback 11 --reason "Edition 12 sent gas leaks to the archive"
    """
    from contact_hub import publishing

    _published(lambda: publishing.roll_back(number, author=author or _somebody(), reason=reason), Path(f"edition {number}"))


@click.command()
@click.argument("older", type=int)
@click.argument("newer", type=int)
def diff(older: int, newer: int) -> None:
    """Show what one edition says otherwise than another.

    First rule by rule, then line by line. Use it to see what a colleague changed, or before a rollback.

    \b
    Example:
      contact-hub rules diff 11 12
    """
    from contact_hub.database import reading
    from contact_hub.editions import rulebook_of
    from contact_hub.routing.file.changes import changes, line_by_line

    _bind()
    with reading() as session:
        old, new = _edition(session, older), _edition(session, newer)
        told = changes(rulebook_of(session, older), rulebook_of(session, newer))
    _tell(told)
    click.echo(line_by_line(old.text, new.text, (f"edition {older}", f"edition {newer}")))


@click.command()
@click.argument("number", type=int, required=False)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write to this file, not to the screen.")
def export(number: int | None, output: Path | None) -> None:
    """Give an edition back as a file.

    Byte for byte as it was written, comments and all: the one in force, or the one with this NUMBER.

    \b
    Examples:
      contact-hub rules export > routing_rules.yaml
      contact-hub rules export 11 -o before.yaml
    """
    from contact_hub.database import reading

    _bind()
    with reading() as session:
        edition = _edition(session, number)
    content = edition.text.encode("utf-8")
    if output is None:
        click.echo(content, nl=False)
        return
    try:
        output.write_bytes(content)
    except OSError as error:
        raise Stop(f"{output} can't be written: {error.strerror}.") from error
    click.echo(f"{output} is edition {edition.id}.")


@click.command()
@click.option("--verify", is_flag=True, help="Check that none was changed since it was published.")
@click.option("--all", "everything", is_flag=True, help=f"All of them, not the newest {LISTED}.")
def editions(verify: bool, everything: bool) -> None:
    """List the editions of the rules.

    Who published each, when and why. Every edition carries a seal over itself and all before it: with --verify each seal
    is reckoned again, and one that does not fit ends the command with code 1.

    \b
    Examples:
      contact-hub rules editions
      contact-hub rules editions --verify
    """
    from sqlalchemy import select
    from sqlalchemy.orm import defer

    from contact_hub.cli.table import show
    from contact_hub.database import reading
    from contact_hub.editions import Edition, broken_links

    _bind()
    with reading() as session:
        wanted = select(Edition).options(defer(Edition.text), defer(Edition.diff)).order_by(Edition.id.desc())
        found = list(session.scalars(wanted if everything else wanted.limit(LISTED)))
        broken = broken_links(session) if verify else []
    rows = [(each.id, f"{each.published_at:%Y-%m-%d %H:%M} UTC", each.author, each.reason, each.hash[:12]) for each in found]
    show(["edition", "published", "by", "why", "seal"], rows, numbers=["edition"])
    if broken:
        click.echo(f"The seal does not fit: {', '.join(map(str, broken))}. Somebody changed what was published.", err=True)
        raise SystemExit(1)
    if verify:
        click.echo("Every seal fits: no edition was changed since it was published.")


def _published(publish: "Callable[[], Edition]", file: Path) -> None:
    """Says what came of it."""
    from sqlalchemy.exc import NoResultFound

    from contact_hub.next_edition import NoReason, Overtaken
    from contact_hub.publishing import Unchanged
    from contact_hub.routing.file.mistakes import RulebookError

    _bind()
    try:
        edition = publish()
    except RulebookError as error:
        print_mistakes(file, error.mistakes)
        raise SystemExit(1) from error
    except Overtaken as error:
        _tell_overtaken(error)
        raise SystemExit(1) from error
    except NoResultFound as error:
        raise Stop("There is no such edition.") from error
    except Unchanged as error:
        raise Stop("This is the text that decides already.") from error
    except NoReason as error:
        raise Stop("Say why with --reason.") from error
    click.echo(f"Edition {edition.id} decides from now on.")


def _tell_overtaken(error: "Overtaken") -> None:
    came = error.came
    click.echo(f"{came.author} published edition {came.id} in the meantime: {came.reason}", err=True)
    _tell(error.changes)
    if error.homeless:
        click.echo(f"These rules send contacts to a queue that is gone: {', '.join(error.homeless)}")
    click.echo(error.diff)
    click.echo(f"Nothing is published. Bring both changes together, then publish with --onto {came.id}.", err=True)


def _tell(changes: "Changes") -> None:
    record = changes.as_record()
    for name, title in CHANGED.items():
        found = record[name]
        if isinstance(found, list) and found:
            click.echo(f"{title + ':':<14}{', '.join(found)}")


def _edition(session: "Session", number: int | None) -> "Edition":
    from contact_hub.editions import Edition, newest

    found = newest(session) if number is None else session.get(Edition, number) if 0 < number < 2**31 else None
    if found is None:
        raise Stop("There is no such edition.")
    return found


def _bind() -> None:
    from contact_hub.cli.binding import bound

    bound(beside=True)


def _somebody() -> str:
    return f"{getpass.getuser()} (command line)"
