"""`contact-hub rules why`: why a ticket went where it went, and why not by another rule."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from contact_hub.cli import decided
from contact_hub.cli.plainly import Stop
from contact_hub.cli.speaking import Translate, answers_in, in_language
from contact_hub.routing.said import said

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from contact_hub.reasons import Again
    from contact_hub.routing.explaining import Explanation, Node
    from contact_hub.tickets import Ticket

HEADINGS = {"all": said("all of these"), "any": said("any of these"), "not": said("not this")}


@click.command()
@click.argument("reference")
@click.argument("rule", required=False)
@click.option("--json", "as_json", is_flag=True, help="One JSON object: decision, same, departures, explanation.")
@answers_in
def why(reference: str, rule: str | None, as_json: bool, language: str) -> None:
    """Show why a ticket went where it went.

    Prints the decision as it was recorded, and says whether the rules of its edition decide so again. With RULE, shows
    that rule whole: each condition true or false, with what was found. Ends with code 1 when the decision comes out
    otherwise.

    \b
    Examples:
      contact-hub rules why 26-004512-K
      contact-hub rules why 26-004512-K missed-waste
    """
    from contact_hub.cli.binding import bound
    from contact_hub.database import reading
    from contact_hub.routing.explaining import NoSuchRule, explain

    bound(beside=True)
    translate = in_language(language)
    with reading() as session:
        ticket, again = _decided(session, reference, translate)
    try:
        explanation = explain(again.rulebook, again.contact, rule) if rule else None
    except NoSuchRule as error:
        none = said(
            "The edition that decided about %(reference)s has no rule %(rule)s.", reference=ticket.reference, rule=rule or ""
        )
        raise Stop(none.through(translate)) from error
    if as_json:
        click.echo(_as_json(ticket, again, explanation))
    else:
        for line in _lines(ticket, again, explanation, translate):
            click.echo(line)
    if again.departures:
        raise SystemExit(1)


def _decided(session: "Session", reference: str, translate: Translate) -> "tuple[Ticket, Again]":
    from contact_hub import tickets
    from contact_hub.reasons import NeverDecided, OtherVersion, decided_again

    ticket = tickets.find(session, reference)
    if ticket is None:
        raise Stop(said("There is no ticket %(reference)s.", reference=reference).through(translate))
    try:
        return ticket, decided_again(session, ticket)
    except NeverDecided as error:
        none = said("No rules brought %(reference)s where it is.", reference=ticket.reference)
        raise Stop(none.through(translate)) from error
    except OtherVersion as error:
        other = said(
            "The rules that decided about %(reference)s were written for another version of the hub.",
            reference=ticket.reference,
        )
        raise Stop(other.through(translate)) from error


def _as_json(ticket: "Ticket", again: "Again", explanation: "Explanation | None") -> str:
    stored = ticket.decision
    told = {
        "reference": ticket.reference,
        "edition": stored.edition_id if stored else None,
        "decision": stored.record if stored else None,
        "same": not again.departures,
        "departures": again.departures,
        "explanation": explanation.as_record() if explanation else None,
    }
    return json.dumps(told, ensure_ascii=False)


def _lines(ticket: "Ticket", again: "Again", explanation: "Explanation | None", translate: Translate) -> Iterator[str]:
    from contact_hub.routing.decisions import Decision

    assert ticket.decision is not None  # it was decided again
    decision, edition = Decision.from_record(ticket.decision.record), ticket.decision.edition_id
    yield said("%(reference)s, by edition %(edition)s", reference=ticket.reference, edition=edition).through(translate)
    yield from decided.lines(again.rulebook, decision, dict.fromkeys(each.word for each in decision.evidence), translate)
    same = said("Taken again by edition %(edition)s, it is the same.", edition=edition)
    otherwise = said(
        "Taken again by edition %(edition)s, it comes out otherwise in: %(parts)s.",
        edition=edition,
        parts=", ".join(again.departures),
    )
    yield (otherwise if again.departures else same).through(translate)
    if explanation:
        yield ""
        yield f"{explanation.rule}: {explanation.because.through(translate)}"
        yield from _branch(explanation.tree, 0, translate)


def _branch(node: "Node", depth: int, translate: Translate) -> Iterator[str]:
    indent = "  " * depth
    yield f"{indent}{decided.TICKS[node.holds]} {_asked(node, translate)}"
    if node.found:
        found = said("found: %(words)s", words=", ".join(node.found))
        yield f"{indent}    {found.through(translate)}"
    for part in node.parts:
        yield from _branch(part, depth + 1, translate)


def _asked(node: "Node", translate: Translate) -> str:
    if node.kind in HEADINGS:
        return HEADINGS[node.kind].through(translate)
    asks = ", ".join(node.asks)
    if node.kind == "at least":
        asks = said("at least %(number)s of %(words)s", number=node.number, words=asks).through(translate)
    return f"{node.field}: {asks}"
