"""What a draft of the rules would have done to past tickets: `POST /api/v1/rules/replay`, for supervisors.

Takes `{"text": YAML, "last": days}` and answers, within a tenth of a second once the tickets were read:

    {"edition": 12, "since": "…", "read_at": "…", "in_time": 12345,   newest `replayed` of `in_time` tickets of these days
     "replayed": 10000, "left_out": 2345, "moved": 35, "towards": 21, "away": 3, "screened_before": 310, "screened_after": 312,
     "before": {"judged": 7300, "right": 6100, "share": 0.8356},      share null when nobody showed where tickets belong
     "after": {"judged": 7300, "right": 6118, "share": 0.8381},
     "ways": [{"from": "onthaal", "to": "milieu-afval", "tickets": 30, "towards": 20, "away": 1}, …],   commonest first
     "rules": [{"rule": "missed-waste", "won_before": 410, "won_after": 440, "gained": 30, "lost": 0,
                "towards": 20, "away": 1, "before": {judged, right, share}, "after": {…}}, …],   in the draft's order
     "tickets": [{"reference": "26-004512-K", "from": "onthaal", "to": "milieu-afval", "rule_before": "default",
                  "rule_after": "missed-waste", "final": "milieu-afval", "verdict": "towards"}, …],
     "not_listed": 5}                                                 moved, but past the first 200

`verdict` is towards, away, neither or unknown; `final`, where people put the ticket, is empty while nobody showed it. A
draft that cannot be read is answered by 422 with all its mistakes.

`POST /api/v1/rules/history` takes the same and answers, after a second or two, what the doctor sees in those tickets:
`{"since": "…", "in_time": 12345, "tickets": 10000, "left_out": 2345, "findings": [as of the check, …]}`.
"""

from collections.abc import Mapping
from typing import Any

from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from contact_hub import replays
from contact_hub.api.rules import MISTAKES, mistaken
from contact_hub.api.rules_schemas import FindingSchema, Text
from contact_hub.api.signed_in import leads_only
from contact_hub.database import reading
from contact_hub.replays import Ready
from contact_hub.routing.file.mistakes import RulebookError
from contact_hub.routing.rules import Rulebook
from contact_hub.web.people_at_work import me
from contact_hub.web.trials import rules_of, told

LISTED = 200  # tickets in one answer
DAYS = 90
LONGEST = 3650  # days

blueprint = leads_only(
    Blueprint("replays_api", __name__, url_prefix="/api/v1/rules", description="Drafts of the rules on past tickets")
)


class ReplaySchema(Schema):
    """A draft, and how many days back."""

    text = Text()
    last = fields.Integer(load_default=DAYS, validate=validate.Range(1, LONGEST), metadata={"description": "days"})


class LeftOut(fields.Integer):
    """How many tickets of these days nothing is said of."""

    def __init__(self) -> None:
        told = "tickets of these days that were not replayed: the oldest, where there are too many, and those that were erased"
        super().__init__(required=True, metadata={"description": told})


class AccuracySchema(Schema):
    """How many of the tickets of which people showed where they belong were right at their first queue."""

    judged = fields.Integer(required=True)
    right = fields.Integer(required=True)
    share = fields.Float(required=True, allow_none=True)


class WaySchema(Schema):
    """How many tickets would move from one queue to another."""

    before = fields.String(data_key="from", attribute="from", required=True)
    after = fields.String(data_key="to", attribute="to", required=True)
    tickets = fields.Integer(required=True)
    towards = fields.Integer(required=True)
    away = fields.Integer(required=True)


class RuleReplayedSchema(Schema):
    """What becomes of the tickets of one rule."""

    rule = fields.String(required=True)
    won_before = fields.Integer(required=True)
    won_after = fields.Integer(required=True)
    gained = fields.Integer(required=True)
    lost = fields.Integer(required=True)
    towards = fields.Integer(required=True)
    away = fields.Integer(required=True)
    before = fields.Nested(AccuracySchema, required=True)
    after = fields.Nested(AccuracySchema, required=True)


class MovedSchema(Schema):
    """A ticket the draft would send elsewhere."""

    reference = fields.String(required=True)
    before = fields.String(data_key="from", attribute="from", required=True)
    after = fields.String(data_key="to", attribute="to", required=True)
    rule_before = fields.String(required=True)
    rule_after = fields.String(required=True)
    final = fields.String(required=True, metadata={"description": "where people put it; empty while nobody showed it"})
    verdict = fields.String(required=True, validate=validate.OneOf(["towards", "away", "neither", "unknown"]))


class ReplayedSchema(Schema):
    """What would become of past tickets under the draft."""

    edition = fields.Integer(required=True, metadata={"description": "the edition the draft is compared with"})
    since = fields.DateTime(required=True)
    read_at = fields.DateTime(required=True, metadata={"description": "tickets that came in later are not among them"})
    in_time = fields.Integer(required=True, metadata={"description": "tickets of these days, of which the newest are replayed"})
    replayed = fields.Integer(required=True)
    left_out = LeftOut()
    moved = fields.Integer(required=True)
    towards = fields.Integer(required=True)
    away = fields.Integer(required=True)
    screened_before = fields.Integer(required=True)
    screened_after = fields.Integer(required=True)
    before = fields.Nested(AccuracySchema, required=True)
    after = fields.Nested(AccuracySchema, required=True)
    ways = fields.List(fields.Nested(WaySchema), required=True)
    rules = fields.List(fields.Nested(RuleReplayedSchema), required=True)
    tickets = fields.List(fields.Nested(MovedSchema), required=True)
    not_listed = fields.Integer(required=True)


class HistorySchema(Schema):
    """What past tickets tell of the rules."""

    since = fields.DateTime(required=True)
    in_time = fields.Integer(required=True)
    tickets = fields.Integer(required=True, metadata={"description": "the newest of `in_time`"})
    left_out = LeftOut()
    findings = fields.List(fields.Nested(FindingSchema), required=True)


@blueprint.route("/replay", methods=["POST"])
@blueprint.arguments(ReplaySchema)
@blueprint.response(200, ReplayedSchema)
@blueprint.alt_response(422, description=MISTAKES)
def replay(sent: Mapping[str, Any]) -> dict[str, Any]:
    """How many past tickets a draft would move, where from and to, and whether to where people put them."""
    draft, ready = _made_ready(sent)
    report = ready.replay.delta(draft)
    with reading() as session:
        listed = replays.in_sight(session, me(), report, LISTED)
    return {"edition": ready.edition, "read_at": ready.read_at, **_span(ready), **report.as_record(listed)}


@blueprint.route("/history", methods=["POST"])
@blueprint.arguments(ReplaySchema)
@blueprint.response(200, HistorySchema)
@blueprint.alt_response(422, description=MISTAKES)
def history(sent: Mapping[str, Any]) -> dict[str, Any]:
    """Which rules of the text never matched or never won past tickets, and which compete for the same ones."""
    from contact_hub.routing.doctor import from_history, gather  # its solver costs a process that never asks 15 MB

    rulebook, ready = _made_ready(sent)
    found = gather(rulebook, ready.replay.past, sent["last"])
    return {**_span(ready), "tickets": found.tickets, "findings": [told(each) for each in from_history(rulebook, found)]}


blueprint.errorhandler(RulebookError)(mistaken)


def _made_ready(sent: Mapping[str, Any]) -> tuple[Rulebook, Ready]:
    """The rules of the text, and the tickets of so many days. Raises RulebookError, which is answered with all its mistakes."""
    rulebook = rules_of(sent["text"])
    with reading() as session:
        return rulebook, replays.ready(session, sent["last"], me())


def _span(ready: Ready) -> dict[str, Any]:
    return {"since": ready.since, "in_time": ready.in_time, "left_out": ready.left_out}
