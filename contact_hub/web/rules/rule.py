"""The page of one rule: what it asks in words and as it is written, what it did lately, and the buttons that change it."""

from functools import partial

from flask import abort, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from contact_hub import drafts, editions, publishing, remarks
from contact_hub.database import reading
from contact_hub.days import day_in
from contact_hub.editions import Edition
from contact_hub.routing.file.passages import passage_of
from contact_hub.routing.rules import Status
from contact_hub.web.addresses import id_in
from contact_hub.web.names import names_in
from contact_hub.web.people_at_work import for_leads, me
from contact_hub.web.rules.editions import published
from contact_hub.web.rules.in_words import described, in_words
from contact_hub.web.rules.part import blueprint
from contact_hub.web.rules.taken import DAYS, found_wrong, taken
from contact_hub.web.rules.words import SECTIONS_SHORT, STATUSES, STATUSES_OF_RULES
from contact_hub.web.trials import told

Answer = str | Response | tuple[str, int]
EXAMPLES = 5  # shown at once
WORDS = 24  # of one condition, shown at once
LINES = 40  # of its text, shown at once


@blueprint.get("/rules/rule/<rule>")
@for_leads
def rule(rule: str) -> str:
    """One rule as a whole, to be read, tried or switched off."""
    return _page(rule)


@blueprint.post("/rules/rule/<rule>")
@for_leads
def amend(rule: str) -> Answer:
    """Publishes the rules with another status or last day of this one."""
    form = request.form
    status: Status = "off" if form.get("status") == "off" else "shadow" if form.get("status") == "shadow" else "active"
    try:
        until = day_in(form["until"]) if form.get("until") else None
    except ValueError:
        return _page(rule, wrong=_("This is no day.")), 422
    reason, onto = form.get("reason", ""), id_in(form.get("onto", ""))
    return published(
        lambda: publishing.amend(rule, status=status, until=until, author=me().name, reason=reason, onto=onto),
        again=lambda wrong: _page(rule, wrong=wrong),
    )


def _page(name: str, *, wrong: str = "") -> str:
    with reading() as session:
        deciding = editions.deciding(session)
        found = next((each for each in deciding.rulebook.rules if each.id == name), None) or abort(404)
        said = remarks.kept(session, deciding.edition)
        return render_template(
            "supervisor/rule.html",
            rule=found,
            edition=deciding.edition,
            condition=in_words(deciding.rulebook, found.when),
            passage=passage_of(session.get_one(Edition, deciding.edition).text, found.line),
            remarks=None if said is None else [told(each) for each in said if name in each.rules],
            taken=taken(session, me(), found, id_in(request.args.get("before", ""))),
            wrong_here=found_wrong(session, me(), name),
            drafts=drafts.in_work(session),
            names=names_in(deciding.rulebook),
            described=partial(described, deciding.rulebook),
            sections=SECTIONS_SHORT,
            statuses=STATUSES_OF_RULES,
            badges=STATUSES,
            days=DAYS,
            at_once={"examples": EXAMPLES, "words": WORDS, "lines": LINES},
            wrong=wrong,
        )
