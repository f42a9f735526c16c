"""Binds a command to the database and the news that its settings name, or says plainly what is in the way."""

import logging
import os

from sqlalchemy import text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from contact_hub import process, settings
from contact_hub.cli.plainly import Stop
from contact_hub.database import is_migrated, reading
from contact_hub.running.surroundings import settings_of_hub_here
from contact_hub.settings import Settings

SETTING = "CONTACT_HUB_DATABASE_URL"


def bound(*, migrated: bool = True, beside: bool = False) -> Settings:
    """The settings of this process, bound to what they name.

    `migrated` demands that the database has its newest shape; `beside` lets a command that finds no settings look at the
    hub which `contact-hub run` keeps in this folder.
    """
    found = settings.read(settings_of_hub_here(os.environ) if beside else os.environ)
    logging.getLogger("alembic").setLevel(logging.WARNING)  # it tells of every step and plugin
    try:
        process.bind(found)
        with reading() as session:
            session.execute(text("SELECT 1"))
            if migrated and not is_migrated(session):
                raise Stop("The database is new or older than this version of the hub. Run `contact-hub init` first.")
    except DBAPIError as error:
        raise database_away(error) from error
    except (ArgumentError, NoSuchModuleError) as error:
        raise Stop(f"{SETTING} is no address of a database. Write it like sqlite:///var/contact-hub.db.") from error
    return found


def database_away(error: DBAPIError) -> Stop:
    """Says that the database does not answer, in the words of its driver."""
    reason = str(error.orig).strip().partition("\n")[0]
    return Stop(f"The database that {SETTING} names does not answer: {reason}")
