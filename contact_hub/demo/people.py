"""The invented people who work in Lindervelde, with a password that everybody may know."""

from dataclasses import dataclass

PASSWORD = "lindervelde"  # noqa: S105 - shown to everybody; the demo listens on this machine only


@dataclass(frozen=True)
class DemoPerson:
    """Somebody to sign in as."""

    email: str
    name: str
    role: str
    queues: tuple[str, ...] = ()
    password: str = PASSWORD


PEOPLE = (
    DemoPerson("anna@lindervelde.example", "Anna Claes", "agent", ("onthaal", "doorverwijzing-extern", "quarantaine")),
    DemoPerson("bram@lindervelde.example", "Bram Peeters", "back_office", ("milieu-afval", "openbare-werken")),
    DemoPerson("sofie@lindervelde.example", "Sofie Maes", "supervisor"),
)
