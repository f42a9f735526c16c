"""`contact-hub mail`: shows how the hub reads mails, without taking them in, and tries the templates of form mails."""

import json
import os
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
      contact-hub mail check-forms
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


@mail.command("check-forms")
@click.argument("folder", required=False, type=click.Path(path_type=Path), metavar="[FOLDER]")
def check_forms(folder: Path | None) -> None:
    """Check the templates of form mails, and try their examples.

    Use it after a template or a web form changed. Every mistake is told with its line and how to mend it; so is each
    field that an example says should read otherwise. Without FOLDER the templates of CONTACT_HUB_FORM_MAILS are checked.
    Ends with code 1 when anything is wrong.

    \b
    Examples:
      contact-hub mail check-forms
      contact-hub mail check-forms drafts/
    """
    from contact_hub.settings import Settings

    folder = folder or Path(os.environ.get("CONTACT_HUB_FORM_MAILS") or Settings.form_mails)
    files = sorted(folder.glob("*.yaml"))
    if not files:
        raise click.ClickException(f"There are no templates in {folder}. Name a folder with .yaml files.")
    wrong = [file for file in files if _check_template(file)]
    if wrong:
        raise SystemExit(1)


def _check_template(file: Path) -> bool:
    """Says what is wrong with a template, and whether anything is."""
    from channels.email.legacy_examples import astray
    from channels.email.legacy_file import TemplateError, read_template

    try:
        read = read_template(file.read_text("utf-8"))
    except TemplateError as error:
        mistakes = error.mistakes
    except (OSError, UnicodeDecodeError):
        click.echo(f"{file}: can't be read. Save it as plain UTF-8.")
        return True
    else:
        mistakes = astray(read)
        if not mistakes:
            click.echo(f"{file}: {len(read.template.fields)} fields, {len(read.examples)} examples, all as they should be.")
    for mistake in mistakes:
        click.echo(f"{file}: {mistake}")
    return bool(mistakes)


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
