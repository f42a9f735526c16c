"""The invented people who work in Lindervelde, with a password that everybody may know."""

from dataclasses import dataclass

from contact_hub.settings import DEMO_PASSWORD


@dataclass(frozen=True)
class DemoPerson:
    """Somebody to sign in as."""

    email: str
    name: str
    role: str
    queues: tuple[str, ...] = ()
    password: str = DEMO_PASSWORD


PEOPLE = (
    DemoPerson("anna@lindervelde.example", "Anna Claes", "agent", ("onthaal", "doorverwijzing-extern", "quarantaine")),
    DemoPerson("bram@lindervelde.example", "Bram Peeters", "back_office", ("milieu-afval", "openbare-werken")),
    DemoPerson("sofie@lindervelde.example", "Sofie Maes", "supervisor"),
    DemoPerson("lies@lindervelde.example", "Lies Adams", "administrator"),
)
