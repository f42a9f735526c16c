"""Who a contact is from: a person with any number of addresses; nobody has to have one."""

from datetime import datetime

import phonenumbers
from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contact_hub.contact import Contact
from contact_hub.database import Base, Words, now

REGION = "BE"  # how a number without a country code is read

AddressKey = tuple[str, str]  # kind and value
NOBODY: AddressKey = ("", "")
LONGEST_ADDRESS = 255


class Person(Base):
    """A citizen, entrepreneur or association, as far as they made themselves known.

    `language` and `door` are the ones they like best, where they said so.
    """

    __tablename__ = "person"
    __table_args__ = (Index("ix_person_namesakes", text("lower(name)"), "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Words(255), default="")
    language: Mapped[str] = mapped_column(String(8), default="", server_default="")
    door: Mapped[str] = mapped_column(String(16), default="", server_default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    addresses: Mapped[list["Address"]] = relationship(back_populates="person")

    @property
    def ways(self) -> list["Address"]:
        """How to reach them, each way once."""
        return list({(each.kind, each.value): each for each in reversed(self.addresses)}.values())[::-1]


class Address(Base):
    """One way to reach a person: mail, phone or chat. `apart` tells those who have the same from one another."""

    __tablename__ = "address"
    __table_args__ = (UniqueConstraint("kind", "value", "apart"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    value: Mapped[str] = mapped_column(Words(255))
    apart: Mapped[int] = mapped_column(default=0, server_default="0")
    person: Mapped[Person] = relationship(back_populates="addresses")


def address_of(contact: Contact) -> AddressKey | None:
    """How the sender can be recognised next time; None for an anonymous contact."""
    return key_of(contact.channel, contact.sender)


def key_of(channel: str, written: str) -> AddressKey | None:
    """The same, of a sender as a door wrote it down."""
    sender = written.strip()
    if "@" in sender:
        return "mail", sender.lower()[:LONGEST_ADDRESS]
    if channel == "chat" and sender:
        return "chat", sender[:255]
    number = e164(sender)
    return ("phone", number) if number else None


def e164(number: str) -> str:
    """A telephone number in its one international form; empty where it can't be one."""
    try:
        parsed = phonenumbers.parse(number, REGION)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(parsed):
        return ""
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
