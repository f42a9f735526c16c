"""Keeps the demo's desk alive: brings invented contacts through every door, many at first, then one now and then."""

import itertools
import random
import time
from collections.abc import Mapping
from pathlib import Path

import click
import structlog

from contact_hub.demo.citizens import Story, nth, stories
from contact_hub.demo.doors import ChatDoor, Closed, Door, FormDoor, MailDoor, PhoneDoor, TurnedAway
from contact_hub.demo.people import PEOPLE

FIRST = 26  # brought one after the other, so that there is something to see
QUICK = 0.5  # seconds between these
SLOW = (20.0, 40.0)  # seconds between the others
AGAIN = 1.0  # seconds after which a door that did not open is tried again
TRIES = 60

log = structlog.get_logger()


@click.command()
@click.argument("url")
@click.option("--smtp", type=int, required=True, help="The port of the town's mail server.")
@click.option("--progress", type=click.Path(path_type=Path), required=True, help="The file that keeps how many were brought.")
def main(url: str, smtp: int, progress: Path) -> None:
    """Bring invented contacts to the hub at URL, until stopped."""
    told = stories()
    agent = PEOPLE[0]
    doors: Mapping[str, Door] = {
        "email": MailDoor(smtp),
        "webform": FormDoor(url),
        "phone": PhoneDoor(url, agent),
        "chat": ChatDoor(url),
    }
    for number in itertools.count(_brought(progress)):
        story = nth(told, number)
        bring(story, doors[story.channel])
        progress.write_text(str(number + 1))
        time.sleep(QUICK if number < FIRST else random.uniform(*SLOW))  # noqa: S311 - no secret


def bring(story: Story, door: Door) -> None:
    """Brings a story once the door opens; one that is turned away is left out."""
    for _ in range(TRIES):
        try:
            door.bring(story)
        except Closed:
            time.sleep(AGAIN)
        except TurnedAway as error:
            log.warning("a story is turned away", story=story.key, channel=story.channel, reason=str(error))
            return
        else:
            return
    log.warning("a door stays closed", story=story.key, channel=story.channel)


def _brought(progress: Path) -> int:
    """How many were brought before the demo was stopped last time."""
    return int(progress.read_text()) if progress.exists() else 0


if __name__ == "__main__":
    main()
