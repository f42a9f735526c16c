"""The rules that decide: which edition since when, what is wrong with the file, and what each rule and queue says."""

from typing import cast

from flask import render_template, request
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from contact_hub import drafts, editions, rules_file, wrong_decisions
from contact_hub.agents import Agent
from contact_hub.database import reading
from contact_hub.editions import Edition
from contact_hub.queues import in_language
from contact_hub.routing.rules import SECTIONS, Clock, Unit
from contact_hub.rules_file import RulesFile
from contact_hub.visibility import queues_in_sight, readable
from contact_hub.web.addresses import id_in
from contact_hub.web.languages import language
from contact_hub.web.people_at_work import for_leads, me
from contact_hub.web.rules.part import blueprint
from contact_hub.web.rules.search import Search
from contact_hub.web.rules.words import SECTION_WORDS, STATUSES, STATUSES_OF_RULES, TIERS, VISIBILITIES

EDITIONS = 20
WORDS = 5  # of one rule that were looked for


@blueprint.get("/rules")
@for_leads
def page() -> str:
    """The edition that decides, the file's mistakes, the rules in order or those looked for, and a card for each queue."""
    with reading() as session:
        deciding = editions.deciding(session)
        rulebook = deciding.rulebook
        found = _editions(session, id_in(request.args.get("before", "")))
        search = Search(*(request.args.get(name, "").strip() for name in ("find", "queue", "status")))
        fitting = search.found(rulebook)
        return render_template(
            "supervisor/rules.html",
            current=session.get_one(Edition, deciding.edition),
            file=session.get(RulesFile, 1),
            drafts=drafts.in_work(session),
            waiting=rules_file.waiting_draft(session),
            mistakes=rules_file.mistakes_in_file(session),
            rulebook=rulebook,
            sections=[
                (name, SECTION_WORDS[name], [rule for rule in rulebook.rules if rule.section == name and rule.id in fitting])
                for name in SECTIONS
            ],
            search=search,
            fitting=fitting,
            wrong=wrong_in(session, me(), deciding.edition),
            shows_default=not search.words and not search.status and search.has_queue(rulebook.default.queue),
            most_words=WORDS,
            queues=queues_in_sight(session, me()),
            name_of=lambda queue: in_language(rulebook.queues[queue].names, language()) if queue in rulebook.queues else queue,
            editions=found[:EDITIONS],
            earlier=found[EDITIONS - 1].id if len(found) > EDITIONS else None,
            tiers=TIERS,
            visibilities=VISIBILITIES,
            statuses=STATUSES,
            statuses_of_rules=STATUSES_OF_RULES,
        )


def wrong_in(session: Session, agent: Agent, edition: int) -> dict[str, int]:
    """How often people found each rule wrong in this edition, of the tickets that the person knows of."""
    counts = wrong_decisions.counted(session, readable(session, agent))
    return {rule: count for (rule, said_of), count in counts.items() if said_of == edition}


@blueprint.app_template_filter()
def clock_words(clock: Clock) -> str:
    """The time a queue gives itself, in words."""
    words = {
        "hours": ngettext("%(num)d hour", "%(num)d hours", clock.amount),
        "working days": ngettext("%(num)d working day", "%(num)d working days", clock.amount),
        "days": ngettext("%(num)d day", "%(num)d days", clock.amount),
        "months": ngettext("%(num)d month", "%(num)d months", clock.amount),
    }
    return str(words[clock.unit])


@blueprint.app_template_filter()
def due_words(due: str) -> str:
    """The time in which a rule wants a contact dealt with, in words; it is written as the clock of a queue is."""
    amount, _, unit = due.partition(" ")
    return clock_words(Clock(int(amount), cast(Unit, unit)))


def _editions(session: Session, before: int | None) -> list[Edition]:
    newest = select(Edition).options(defer(Edition.text), defer(Edition.diff)).order_by(Edition.id.desc()).limit(EDITIONS + 1)
    return list(session.scalars(newest.where(Edition.id < before) if before else newest))
