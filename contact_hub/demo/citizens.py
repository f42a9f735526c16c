"""What the invented citizens of Lindervelde bring: read from contacts.yaml, and told anew with other people and places."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).with_name("contacts.yaml")
DOMAIN = "post.example"

STREETS = (
    "Schoolstraat",
    "Heidestraat",
    "Vaartstraat",
    "Kouterdreef",
    "Beukenlaan",
    "Molenweg",
    "Dennenstraat",
    "Lindelaan",
    "Bosstraat",
    "Parkstraat",
    "Akkerstraat",
    "Stationsstraat",
    "Fabrieksstraat",
)
NEIGHBOURS = (
    "Mia Aerts",
    "Hamza Bakkali",
    "Greet Cools",
    "Stijn De Wit",
    "Fatima El Idrissi",
    "Rik Foubert",
    "Ilse Geens",
    "Omar Haddad",
    "Katrien Jacobs",
    "Pieter Lemmens",
    "Zofia Nowak",
    "Wout Opdebeeck",
    "Rita Pauwels",
    "Sven Raes",
    "Lies Timmermans",
    "Koen Vos",
    "Noor Wagemans",
)


@dataclass(frozen=True)
class Story:
    """One contact before it went through a door; `round` counts how often it was told anew, with other people."""

    id: str
    channel: str
    language: str
    subject: str
    body: str
    sender: str = ""
    name: str = ""
    form: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    files: Sequence[str] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    html: bool = False
    answers: str = ""
    round: int = 0

    @property
    def key(self) -> str:
        """The same on every run: what is brought twice is known."""
        return f"{self.id}.{self.round}"

    @property
    def address(self) -> str:
        """The sender's mail address; empty where there is none."""
        return self.sender if "@" in self.sender else ""


def stories() -> list[Story]:
    """All of them, in the order they are brought."""
    return [_story(item) for item in yaml.load(FILE.read_text("utf-8"), Loader=yaml.CBaseLoader)]  # noqa: S506 - strings only


def nth(told: Sequence[Story], number: int) -> Story:
    """The story to bring after `number` others: first each as it stands in the file, then told anew, for ever."""
    round_, index = divmod(number, len(told))
    return anew(told[index], round_) if round_ else told[index]


def anew(story: Story, round_: int) -> Story:
    """The same matter with another person in another street; the same again for the same round."""
    seed = sum((story.answers or story.id).encode())  # whoever writes on is who wrote before
    name = NEIGHBOURS[(seed + round_) % len(NEIGHBOURS)]
    address = f"{name.lower().replace(' ', '.')}@{DOMAIN}" if story.address else story.sender
    text = story.body.replace(story.name, name) if story.name else story.body
    return replace(
        story,
        subject=_moved(story.subject, round_),
        body=_moved(text, round_),
        sender=address,
        name=name if story.name else "",
        round=round_,
    )


def _moved(text: str, by: int) -> str:
    for position, street in enumerate(STREETS):
        if street in text:
            return text.replace(street, STREETS[(position + by) % len(STREETS)])
    return text


def _story(item: Mapping[str, Any]) -> Story:
    return Story(
        id=item["id"],
        channel=item["channel"],
        language=item["language"],
        subject=item["subject"],
        body=item["body"].strip(),
        sender=item.get("from", ""),
        name=item.get("name", ""),
        form=item.get("form", ""),
        fields=item.get("fields", {}),
        files=item.get("attachments", ()),
        headers=item.get("headers", {}),
        html=item.get("html") == "yes",
        answers=item.get("answers", ""),
    )
