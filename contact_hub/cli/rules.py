"""`contact-hub rules`: checks a rules file, and shows what it decides before anybody depends on it."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

import click

from contact_hub.cli import decided
from contact_hub.cli.doctor import check
from contact_hub.cli.editions import diff, editions, export, publish, rollback
from contact_hub.cli.protection import test
from contact_hub.cli.replay import replay
from contact_hub.cli.rules_given import file_in_force, print_mistakes, rulebook_in, text_of
from contact_hub.cli.speaking import Translate, answers_in, in_language
from contact_hub.cli.why import why
from contact_hub.routing.said import said

if TYPE_CHECKING:
    from contact_hub.contact import Contact
    from contact_hub.routing.rules import Decision, Rulebook


@click.group()
def rules() -> None:
    """Check routing rules and try them out.

    The very code that decides in production decides here.

    \b
    Examples:
      contact-hub rules check
      contact-hub rules test
      contact-hub rules try "Ik ruik gas in de kelder"
    """


rules.add_command(check)
rules.add_command(test)
rules.add_command(why)
rules.add_command(replay)
rules.add_command(editions)
rules.add_command(publish)
rules.add_command(rollback)
rules.add_command(diff)
rules.add_command(export)


@rules.command("try")
@click.argument("words", nargs=-1, metavar="[TEXT]...")
@click.option("--contacts", type=click.Path(path_type=Path), help="Decide all contacts of this YAML file.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line: id, queue, priority, tags, rule.")
@click.option("--rules", "file", type=click.Path(path_type=Path), help="Try this rules file, not the one in force.")
@click.option("--channel", default="email", show_default=True, help="The door a typed TEXT comes through.")
@click.option("--subject", default="", help="The subject of a typed TEXT.")
@answers_in
def try_(
    words: tuple[str, ...],
    contacts: Path | None,
    as_json: bool,
    file: Path | None,
    channel: str,
    subject: str,
    language: str,
) -> None:
    """Show where contacts would go, and why.

    Nothing is stored. Use it to see what a rule does, or to compare two rules files on the same contacts. A typed TEXT
    is explained: the rule that takes it and the words it goes by. With --contacts FILE, each item of the YAML list may
    have id, channel, language, from, subject, body, form, fields, attachments, received, automatic; an expected_queue
    is compared.

    \b
    Examples:
      contact-hub rules try "Mijn vuilnisbak is niet opgehaald"
      contact-hub rules try --channel chat "het stinkt hier naar gas"
      contact-hub rules try --contacts contact_hub/demo/contacts.yaml
      contact-hub rules try --rules draft.yaml --contacts last_week.yaml --json > draft.jsonl
    """
    if bool(words) == bool(contacts):
        raise click.UsageError("Give either a TEXT or --contacts FILE.")
    translate = in_language(language)
    rulebook = rulebook_in(file or file_in_force(), translate)
    if contacts is None:
        _explain_or_print(rulebook, _typed(" ".join(words), channel, subject), as_json, translate)
        return
    given, expected = _contacts(contacts, rulebook.municipality.zone, translate)
    decisions = [(name, rulebook.decide(contact)) for name, contact in given]
    if as_json:
        for name, decision in decisions:
            click.echo(_line(name, decision))
    else:
        _show(decisions, expected, translate)


def _contacts(path: Path, zone: tzinfo, translate: Translate) -> "tuple[list[tuple[str, Contact]], dict[str, str]]":
    """The contacts of a file with their ids, and the queues it expects for them."""
    import yaml

    from channels.email.quoting import divided
    from contact_hub.routing.file.trial import ContactsError, contacts_in

    text = text_of(path)
    try:
        given = contacts_in(text, divided, zone)
    except ContactsError as error:
        print_mistakes(path, error.mistakes, translate)
        raise SystemExit(1) from error
    items = yaml.load(text, Loader=yaml.CBaseLoader)  # noqa: S506 - reads strings only
    return given, {item["id"]: item["expected_queue"] for item in items if "expected_queue" in item}


def _line(name: str, decision: "Decision") -> str:
    chosen = {"queue": decision.queue, "priority": decision.priority, "tags": decision.tags, "rule": decision.rule}
    return json.dumps({"id": name, **chosen}, ensure_ascii=False)


def _show(decisions: "Sequence[tuple[str, Decision]]", expected: dict[str, str], translate: Translate) -> None:
    from contact_hub.cli.table import show

    names = [said("queue"), said("priority"), said("rule"), said("tags"), *([said("expected")] if expected else [])]
    headings = ["id", *(name.through(translate) for name in names)]
    rows = []
    right = 0
    for name, decision in decisions:
        row = [name, decision.queue, decision.priority, decision.rule, ", ".join(decision.tags)]
        if name in expected:
            met = decision.queue == expected[name]
            right += met
            row.append(decided.TICKS[met] if met else f"{decided.TICKS[met]} {expected[name]}")
        rows.append(row + [""] * (len(headings) - len(row)))
    show(headings, rows)
    if expected:
        told = said("%(right)s of %(all)s where they are expected.", right=right, all=len(expected))
        click.echo(told.through(translate))


def _typed(text: str, channel: str, subject: str) -> "Contact":
    from contact_hub.contact import Contact
    from contact_hub.language import language_of

    return Contact(
        channel=channel,
        external_id="typed",
        received=datetime.now(UTC),
        subject=subject,
        message=text,
        language=language_of(text),
    )


def _explain_or_print(rulebook: "Rulebook", contact: "Contact", as_json: bool, translate: Translate) -> None:
    from contact_hub.routing.explaining import words_read

    decision = rulebook.decide(contact)
    if as_json:
        click.echo(_line(contact.external_id, decision))
        return
    words = (f"“{word}”" for word in words_read(rulebook, contact, decision))
    for line in decided.lines(rulebook, decision, words, translate):
        click.echo(line)
