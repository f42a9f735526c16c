"""The database can go back to an earlier shape and forth again, with what it holds."""

from pathlib import Path

from alembic import command
from alembic.config import Config

import contact_hub
from contact_hub import database
from contact_hub.database import Session
from contact_hub.tickets import Ticket
from tests.builders import a_ticket, publish_rules


def test_tickets_survive_the_way_back_and_forth(database_url: str) -> None:
    database.connect(database_url)
    with Session.begin() as session:
        publish_rules(session)
        reference = a_ticket(session).reference
    database.disconnect()
    migrations = Config()
    migrations.set_main_option("script_location", str(Path(contact_hub.__file__).parent / "migrations"))
    migrations.attributes["url"] = database_url

    command.downgrade(migrations, "0001")
    command.upgrade(migrations, "head")

    database.connect(database_url)
    with Session.begin() as session:
        ticket = session.query(Ticket).one()
        assert (ticket.reference, ticket.confidential, len(ticket.segments)) == (reference, False, 1)
    database.disconnect()
