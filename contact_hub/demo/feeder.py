"""Keeps the demo's desk alive: brings invented contacts through every door, many at first, then one now and then."""

import random
import time
from collections.abc import Mapping
from pathlib import Path

import click
import structlog

from contact_hub.demo.citizens import Story, nth, stories
from contact_hub.demo.doors import Door, FormDoor, MailDoor

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
    doors: Mapping[str, Door] = {"email": MailDoor(smtp), "webform": FormDoor(url)}
    number = _brought(progress)
    while True:
        story = nth(told, number)
        if story.channel in doors:
            _bring(story, doors[story.channel])
            time.sleep(QUICK if number < FIRST else random.uniform(*SLOW))  # noqa: S311 - no secret
        number += 1
        progress.write_text(str(number))


def _bring(story: Story, door: Door) -> None:
    """Brings it once the door opens; a story that is refused is left out."""
    for _ in range(TRIES):
        try:
            door.bring(story)
        except OSError as error:
            log.info("a door is not open yet", channel=story.channel, error=type(error).__name__)
            time.sleep(AGAIN)
        else:
            return
    log.warning("a story is left out", story=story.key)


def _brought(progress: Path) -> int:
    """How many were brought before the demo was stopped last time."""
    return int(progress.read_text()) if progress.exists() else 0


if __name__ == "__main__":
    main()
