"""Why not? The decision about a ticket, taken again by the rules of its edition, and the whole of any one rule."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, abort, render_template, request
from markupsafe import Markup

from contact_hub import wrong_decisions
from contact_hub.database import reading
from contact_hub.queues import Queue
from contact_hub.reasons import Again, NeverDecided, OtherVersion, decided_again
from contact_hub.routing.explaining import Explanation, Node, NoSuchRule, explain
from contact_hub.routing.fields import Reading
from contact_hub.routing.rules import SECTIONS, Rulebook
from contact_hub.web import in_sight
from contact_hub.web.marking import marked
from contact_hub.web.people_at_work import for_agents, me
from contact_hub.web.rules.in_words import field_in_words, value_in_words
from contact_hub.web.rules.words import SECTION_WORDS
from contact_hub.web.why_here import rule_address, why_here
from contact_hub.web.words import moment

blueprint = Blueprint("why", __name__)
AROUND = 32  # characters shown on either side of a word that was found
MOST_EXCERPTS = 3
MOST_ASKED = 24  # words of a condition that are shown, those that were found first


@dataclass(frozen=True)
class Tree:
    """A rule's explanation with the contact it is about."""

    explanation: Explanation
    reading: Reading
    rulebook: Rulebook

    def excerpts(self, node: Node) -> list[Markup]:
        """The words that were found, each in what stands around it; those of its parts stand there."""
        told = {word for part in node.parts for word in part.found}
        own = [each for each in node.evidence if each.word not in told]
        return [self._excerpt(each.field, each.start, each.end) for each in own[:MOST_EXCERPTS]]

    def asked(self, node: Node) -> Sequence[tuple[str, bool]]:
        """What a condition asks for and whether it was found, the found first; what its parts ask is told by them."""
        own = [word for word in node.asks if word not in {written(part) for part in node.parts}]
        told = ((value_in_words(self.rulebook, node.field, word), word in node.found) for word in own)
        return sorted(told, key=lambda each: not each[1])

    def has(self, node: Node) -> list[str]:
        """What the contact has in the field that a condition asks about."""
        if node.field.startswith("received"):
            return [moment(self.reading.received)]
        return [value_in_words(self.rulebook, node.field, value) for value in node.found]

    def _excerpt(self, field: str, start: int, end: int) -> Markup:
        text = self.reading.original(field)
        begin = max(start - AROUND, 0)
        before, after = "…" if begin else "", "…" if end + AROUND < len(text) else ""
        moved = len(before) - begin
        return marked(f"{before}{text[begin : end + AROUND]}{after}", [(start + moved, end + moved)])


def written(node: Node) -> str:
    """An `at least` as the condition around it names it."""
    return f"{node.number} of {', '.join(node.asks)}"


@blueprint.get("/tickets/<reference>/why")
@for_agents
def page(reference: str) -> str:
    """The decision as recorded and as taken again; with `?rule=`, that rule true and false."""
    asked = request.args.get("rule", "")
    with reading() as session:
        ticket = in_sight.find_whole(session, reference, me())
        try:
            again = decided_again(session, ticket)
        except NeverDecided:
            abort(404)
        except OtherVersion:
            again = None
        return render_template(
            "desk/why.html",
            ticket=ticket,
            queue=session.get(Queue, ticket.decision.queue_id) if ticket.decision else None,
            why=why_here(session, ticket),
            found_wrong=wrong_decisions.of_ticket(session, ticket),
            again=again,
            asked=asked,
            rule_address=rule_address(ticket),
            tree=_tree(again, asked) if again and asked else None,
            sections=[(name, SECTION_WORDS[name], _rules_of(again, name)) for name in SECTIONS] if again else [],
            most_asked=MOST_ASKED,
            field_in_words=field_in_words,
        )


def _tree(again: Again, rule: str) -> Tree:
    try:
        told = explain(again.rulebook, again.contact, rule)
    except NoSuchRule:
        abort(404)
    return Tree(told, Reading(again.contact, again.rulebook.municipality.zone), again.rulebook)


def _rules_of(again: Again, section: str) -> list[tuple[str, str]]:
    return [(rule.id, rule.name or rule.id) for rule in again.rulebook.rules if rule.section == section]
