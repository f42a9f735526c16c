"""The rules files that commands are given: which one, read, and what is wrong with it in the words of the reader."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from contact_hub.cli.plainly import Stop
from contact_hub.cli.speaking import Translate, in_language, language_here
from contact_hub.settings import PREFIX, Settings

if TYPE_CHECKING:
    from contact_hub.routing.file.mistakes import Mistake
    from contact_hub.routing.rules import Rulebook


def file_in_force() -> Path:
    """The file that CONTACT_HUB_RULES names, seen from here."""
    path = Path(os.environ.get(f"{PREFIX}RULES") or Settings.rules)
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def forms_in_force() -> Path:
    """The folder of forms that CONTACT_HUB_FORMS names."""
    return Path(os.environ.get(f"{PREFIX}FORMS") or Settings.forms)


def text_of(path: Path) -> str:
    """What a file says, to the byte. Raises Stop when it can't be read."""
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        raise Stop(f"{path} can't be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise Stop(f"{path} is not UTF-8 text. Save it as UTF-8.") from error


def rulebook_in(path: Path, translate: Translate | None = None) -> "Rulebook":
    """The rulebook in this file; its mistakes are printed and end the command with code 1."""
    from contact_hub.routing.file.rulebook import RulebookError, read_rulebook

    try:
        return read_rulebook(text_of(path))
    except RulebookError as error:
        print_mistakes(path, error.mistakes, translate)
        raise SystemExit(1) from error


def print_mistakes(path: Path, mistakes: "Sequence[Mistake]", translate: Translate | None = None) -> None:
    """Each mistake on a line of its own, as FILE:LINE:COLUMN; in the language of the terminal where no other is asked for."""
    translate = translate or in_language(language_here())
    for each in mistakes:
        click.echo(f"{path}:{each.line}:{each.column} {each.what.through(translate)} {each.mend.through(translate)}")
