"""`contact-hub mail read`: shows how the hub reads mails, without taking them in."""

import json
from datetime import UTC, datetime
from pathlib import Path

import click


@click.group()
def mail() -> None:
    """See how the hub reads mails.

    Nothing is taken in.

    \b
    Example:
      contact-hub mail read strange.eml
    """


@mail.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
def read(files: tuple[Path, ...]) -> None:
    """Print what the hub reads in raw mails, one JSON object a line.

    Use it when a mail looks wrong on the desk: save it as .eml and compare. Each line holds file, subject, from_email,
    from_name, text (all visible text), reply (what the sender wrote newly), quoted (the rest), language, automatic and
    attachments. A file that can't be read gives a line with its error; the others are still read, and the command ends
    with code 1.

    \b
    Examples:
      contact-hub mail read strange.eml
      contact-hub mail read mails/*.eml > read.jsonl
    """
    lines = [_line(file) for file in files]
    if any("error" in line for line in lines):
        raise SystemExit(1)


def _line(file: Path) -> dict[str, object]:
    """Prints what was read and gives it back."""
    line = _read(file)
    click.echo(json.dumps(line, ensure_ascii=False))
    return line


def _read(file: Path) -> dict[str, object]:
    from channels.email.reading import UnreadableMail, read_mail
    from channels.email.report import as_json

    try:
        return as_json(file.name, read_mail(file.read_bytes(), received=datetime.now(UTC)))
    except UnreadableMail as error:
        return {"file": file.name, "error": error.reason}
    except OSError as error:
        return {"file": file.name, "error": f"the file can't be read: {error.strerror}"}
