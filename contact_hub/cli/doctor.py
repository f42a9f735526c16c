"""`contact-hub rules check`: what is wrong with a rules file, and what the doctor proves about it."""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from contact_hub.cli.replay import Span
from contact_hub.cli.rules_given import file_in_force, forms_in_force, print_mistakes, text_of
from contact_hub.cli.speaking import Translate, answers_in, in_language
from contact_hub.routing.said import said

if TYPE_CHECKING:
    from contact_hub.routing.doctor import Finding
    from contact_hub.routing.file.mistakes import Mistake
    from contact_hub.routing.rules import Rulebook

_HEADINGS = {
    "blocks": said("To be mended before this file may decide:"),
    "asks": said("Questions to answer:"),
    "tells": said("Good to know:"),
}

_LEFT_OUT = "past tickets left out"
_FOR_EXAMPLE = said("For example:")


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object: file, mistakes, findings, counts.")
@answers_in
@click.option("--last", "days", type=Span(), help="See what past tickets tell of the rules too, as 90d or 12w.")
def check(file: Path | None, as_json: bool, language: str, days: int | None) -> None:
    """Say everything that is wrong with a rules file.

    First its mistakes; where there are none, its examples and tests are tried and the doctor looks at the rules: which can
    never win and because of which others, which words never count, what slips past an urgent rule. Use it before a
    changed file goes into force. Without FILE it checks the one in force (CONTACT_HUB_RULES). Each mistake and finding
    stands on a line of its own, as FILE:LINE:COLUMN, with how to mend it; docs/doctor.md tells what each code means. A
    mistake, or a finding that blocks, ends the command with code 1.

    \b
    Examples:
      contact-hub rules check drafts/routing_rules.yaml
      contact-hub rules check --language nl --last 90d
    """
    from contact_hub.routing.file.rulebook import RulebookError, read_rulebook

    path = file or file_in_force()
    translate = in_language(language)
    try:
        rulebook = read_rulebook(text_of(path))
    except RulebookError as error:
        if as_json:
            click.echo(json.dumps(_checked(path, error.mistakes, [], {}, translate), ensure_ascii=False))
        else:
            print_mistakes(path, error.mistakes, translate)
        raise SystemExit(1) from error
    told, tickets = _past(rulebook, days) if days else ((), {})
    findings = [*_findings(rulebook), *told]
    if as_json:
        click.echo(json.dumps(_checked(path, [], findings, {**_counts(rulebook), **tickets}, translate), ensure_ascii=False))
    else:
        _report(path, findings, rulebook, translate)
        if left_out := tickets.get(_LEFT_OUT):
            click.echo(said("%(number)s older or erased tickets were not looked at.", number=left_out).through(translate))
    if any(each.severity == "blocks" for each in findings):
        raise SystemExit(1)


def _findings(rulebook: "Rulebook") -> "list[Finding]":
    """What examples and tests say, then the doctor, on the municipality's own day."""
    from contact_hub.forms import answers_by_form
    from contact_hub.routing.doctor import examine, failing_examples

    today = datetime.now(rulebook.municipality.zone).date()
    return [*failing_examples(rulebook), *examine(rulebook, today, answers_by_form(forms_in_force()))]


def _past(rulebook: "Rulebook", days: int) -> "tuple[list[Finding], dict[str, int]]":
    """What the tickets of the database tell, and how many there are."""
    from contact_hub import replays
    from contact_hub.cli.binding import bound
    from contact_hub.database import reading
    from contact_hub.routing.doctor import from_history, gather

    bound(beside=True)
    since = replays.began(days)
    with reading() as session:
        in_time = replays.in_time(session, since, replays.ALL)
        found = gather(rulebook, replays.past(session, since, replays.ALL), days)
    counts = {"past tickets": found.tickets, _LEFT_OUT: replays.left_out(in_time, found.tickets)}
    return from_history(rulebook, found), counts


def _counts(rulebook: "Rulebook") -> dict[str, int]:
    samples = sum(len(rule.yes) + len(rule.no) for rule in rulebook.rules) + len(rulebook.promises)
    sizes = {"queues": rulebook.queues, "topics": rulebook.topics, "rules": rulebook.rules}
    return {**{name: len(size) for name, size in sizes.items()}, "examples and tests": samples}


def _checked(
    path: Path, mistakes: "Sequence[Mistake]", findings: "Sequence[Finding]", counts: dict[str, int], translate: Translate
) -> dict[str, Any]:
    return {
        "file": str(path),
        "mistakes": [
            {
                "line": each.line,
                "column": each.column,
                "what": each.what.through(translate),
                "mend": each.mend.through(translate),
            }
            for each in mistakes
        ],
        "findings": [
            {**each.as_record(), "what": each.what.through(translate), "remedy": each.remedy.through(translate)}
            for each in findings
        ],
        "counts": counts,
    }


def _report(path: Path, findings: "Sequence[Finding]", rulebook: "Rulebook", translate: Translate) -> None:
    for severity, heading in _HEADINGS.items():
        alike = [each for each in findings if each.severity == severity]
        if alike:
            click.echo(heading.through(translate))
        for each in alike:
            click.echo(f"{path}:{max(each.line, 1)}:1 {each.code} {each.what.through(translate)}")
            click.echo(f"    {each.remedy.through(translate)}")
            if each.witness:
                click.echo(f"    {_FOR_EXAMPLE.through(translate)} {each.witness}")
        if alike:
            click.echo()
    if not any(each.severity == "blocks" for each in findings):
        good = said(
            "%(file)s is good: %(queues)s queues, %(topics)s topics, %(rules)s rules; all %(samples)s examples and tests hold.",
            file=str(path),
            queues=len(rulebook.queues),
            topics=len(rulebook.topics),
            rules=len(rulebook.rules),
            samples=_counts(rulebook)["examples and tests"],
        )
        click.echo(good.through(translate))
