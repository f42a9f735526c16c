"""`contact-hub init`: the database in its newest shape, the rules in force, and people who may sign in."""

import secrets
import sys
from typing import TYPE_CHECKING

import click

from contact_hub.cli.plainly import Stop

if TYPE_CHECKING:
    from contact_hub.settings import Settings

SHORTEST = 10  # characters of an administrator's password


@click.command()
@click.option("--admin", metavar="EMAIL", help="Also make an administrator with this address.")
@click.option("--person", metavar="EMAIL", help="Also make an account for somebody who works here.")
@click.option("--role", default="agent", show_default=True, help="agent, back_office, supervisor or administrator.")
@click.option("--queue", "queues", multiple=True, metavar="ID", help="A queue this person works in; once for each.")
@click.option("--demo", is_flag=True, help="Also make the invented people of Lindervelde, with well-known passwords.")
def init(admin: str | None, person: str | None, role: str, queues: tuple[str, ...], demo: bool) -> None:
    """Make the database, the rules and the first people ready.

    It brings the database to its newest shape and puts the rules file in force. Use it once before the first start and
    after every update of the hub. Doing it again changes nothing that is there. The password of a new account is asked
    for; where nobody can be asked, one is made up and shown this once.

    \b
    Examples:
      contact-hub init --admin els@lindervelde.example
      contact-hub init --person an@lindervelde.example --role back_office --queue milieu-afval --queue groendienst
    """
    settings = _migrated()
    _follow_rules(settings)
    if demo:
        _enrol_demo()
    if admin:
        _enrol(admin, "administrator", ())
    if person:
        _enrol(person, role, queues)


def _migrated() -> "Settings":
    from sqlalchemy.exc import DBAPIError

    from contact_hub.cli.binding import bound, database_away
    from contact_hub.database import migrate

    settings = bound(migrated=False, beside=True)
    try:
        migrate(settings.database_url)
    except DBAPIError as error:
        raise database_away(error) from error
    click.echo("The database is ready.")
    return settings


def _follow_rules(settings: "Settings") -> None:
    from contact_hub import publishing, rules_file
    from contact_hub.database import Session

    with Session.begin() as session:
        mistakes = rules_file.follow(session, settings.rules)
        waiting = rules_file.waiting_draft(session)
    publishing.compile_newest()
    if not mistakes:
        waits = "changed after an edition was published at the desk, and waits as a draft on the page Rules"
        click.echo(f"{settings.rules} {waits}." if waiting else f"The rules of {settings.rules} decide.")
        return
    for each in mistakes:
        click.echo(f"{settings.rules}:{each.line}:{each.column} {each.what} {each.mend}", err=True)
    click.echo("The rules file has mistakes; the rules before it keep deciding until they are mended.", err=True)


def _enrol_demo() -> None:
    from contact_hub.database import Session
    from contact_hub.demo.enrolment import enrol_all
    from contact_hub.demo.people import PEOPLE

    with Session.begin() as session:
        enrol_all(session)
    click.echo("These invented people may sign in:")
    for person in PEOPLE:
        click.echo(f"  {person.email:<28} {person.password:<20} {person.role}")


def _enrol(email: str, role: str, queues: tuple[str, ...]) -> None:
    from sqlalchemy import select

    from contact_hub import agents
    from contact_hub.database import Session, reading
    from contact_hub.queues import Queue

    if role not in agents.ROLES:
        raise Stop(f"{role} is no role. Choose one of {', '.join(agents.ROLES)}.")
    with reading() as session:
        known = session.scalar(select(agents.Agent.id).filter_by(email=email.lower()))
        strange = [queue for queue in queues if session.get(Queue, queue) is None]
    if strange:
        raise Stop(f"The rules know no queue {', '.join(strange)}.")
    if known:
        click.echo(f"{email} has an account already; nothing was changed.")
        return
    password, shown = _password(email)
    with Session.begin() as session:
        agents.enrol(session, email=email, name=email.partition("@")[0], password=password, role=role, queues=queues)
    click.echo(f"{email} may sign in now, as {role}{shown}.")


def _password(email: str) -> tuple[str, str]:
    """The password, and how to tell it to whoever runs the command."""
    if not sys.stdin.isatty():
        made_up = secrets.token_urlsafe(15)
        return made_up, f"; the password is {made_up} and is not shown again"
    asked: str = click.prompt(f"Password for {email}", hide_input=True, confirmation_prompt=True, value_proc=_long_enough)
    return asked, ""


def _long_enough(password: str) -> str:
    if len(password) < SHORTEST:
        raise click.UsageError(f"Take at least {SHORTEST} characters.")
    return password
