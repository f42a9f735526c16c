"""`contact-hub rules why`: why a ticket went where it went, and why not by another rule."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from contact_hub.cli import decided
from contact_hub.cli.plainly import Stop

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from contact_hub.reasons import Again
    from contact_hub.routing.explaining import Explanation, Node
    from contact_hub.tickets import Ticket

HEADINGS = {"all": "all of these", "any": "any of these", "not": "not this"}


@click.command()
@click.argument("reference")
@click.argument("rule", required=False)
@click.option("--json", "as_json", is_flag=True, help="One JSON object: decision, same, departures, explanation.")
def why(reference: str, rule: str | None, as_json: bool) -> None:
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
    with reading() as session:
        ticket, again = _decided(session, reference)
    try:
        explanation = explain(again.rulebook, again.contact, rule) if rule else None
    except NoSuchRule as error:
        raise Stop(f"The edition that decided about {ticket.reference} has no rule {rule}.") from error
    if as_json:
        click.echo(_as_json(ticket, again, explanation))
    else:
        for line in _lines(ticket, again, explanation):
            click.echo(line)
    if again.departures:
        raise SystemExit(1)


def _decided(session: "Session", reference: str) -> "tuple[Ticket, Again]":
    from contact_hub import tickets
    from contact_hub.reasons import NeverDecided, OtherVersion, decided_again

    ticket = tickets.find(session, reference)
    if ticket is None:
        raise Stop(f"There is no ticket {reference}.")
    try:
        return ticket, decided_again(session, ticket)
    except NeverDecided as error:
        raise Stop(f"No rules brought {ticket.reference} where it is.") from error
    except OtherVersion as error:
        raise Stop(f"The rules that decided about {ticket.reference} were written for another version of the hub.") from error


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


def _lines(ticket: "Ticket", again: "Again", explanation: "Explanation | None") -> Iterator[str]:
    from contact_hub.routing.decisions import Decision

    assert ticket.decision is not None  # it was decided again
    decision = Decision.from_record(ticket.decision.record)
    yield f"{ticket.reference}, by edition {ticket.decision.edition_id}"
    yield from decided.lines(again.rulebook, decision, dict.fromkeys(each.word for each in decision.evidence))
    yield (
        f"Taken again by edition {ticket.decision.edition_id}, it comes out otherwise in: {', '.join(again.departures)}."
        if again.departures
        else f"Taken again by edition {ticket.decision.edition_id}, it is the same."
    )
    if explanation:
        yield ""
        yield f"{explanation.rule}: {explanation.because}"
        yield from _branch(explanation.tree, 0)


def _branch(node: "Node", depth: int) -> Iterator[str]:
    indent = "  " * depth
    yield f"{indent}{decided.TICKS[node.holds]} {_asked(node)}"
    if node.found:
        yield f"{indent}    found: {', '.join(node.found)}"
    for part in node.parts:
        yield from _branch(part, depth + 1)


def _asked(node: "Node") -> str:
    if node.kind in HEADINGS:
        return HEADINGS[node.kind]
    asks = ", ".join(node.asks)
    return f"{node.field}: at least {node.number} of {asks}" if node.kind == "at least" else f"{node.field}: {asks}"
