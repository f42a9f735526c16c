"""The database can go back to an earlier shape and forth again, with what it holds."""

from pathlib import Path

from alembic import command
from alembic.config import Config

import contact_hub
from contact_hub import database, drafts
from contact_hub.database import Session
from contact_hub.drafts import Draft
from contact_hub.tickets import Ticket
from tests.builders import a_ticket, publish_rules


def migrations_of(database_url: str) -> Config:
    migrations = Config()
    migrations.set_main_option("script_location", str(Path(contact_hub.__file__).parent / "migrations"))
    migrations.attributes["url"] = database_url
    return migrations


def test_tickets_survive_the_way_back_and_forth(database_url: str) -> None:
    database.connect(database_url)
    with Session.begin() as session:
        publish_rules(session)
        reference = a_ticket(session).reference
    database.disconnect()
    migrations = migrations_of(database_url)

    command.downgrade(migrations, "0001")
    command.upgrade(migrations, "head")

    database.connect(database_url)
    with Session.begin() as session:
        ticket = session.query(Ticket).one()
        assert (ticket.reference, ticket.confidential, len(ticket.segments)) == (reference, False, 1)
    database.disconnect()


def test_a_draft_that_the_hub_named_by_itself_has_no_name_of_its_own_any_more(database_url: str) -> None:
    names = ("Files et horaires, par Lies Adams", "Draft of Lies Adams", "Draft of Sofie", "Meteors")
    migrations = migrations_of(database_url)
    command.downgrade(migrations, "0037")
    database.connect(database_url)
    with Session.begin() as session:
        edition = publish_rules(session)
        for name in names:
            drafts.begin(session, edition, by="Lies Adams", name=name)
    database.disconnect()

    command.upgrade(migrations, "head")

    database.connect(database_url)
    with Session.begin() as session:
        assert [draft.name for draft in session.query(Draft).order_by(Draft.id)] == ["", "", "Draft of Sofie", "Meteors"]
    database.disconnect()
