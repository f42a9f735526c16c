"""What past tickets tell of the rules: which never match, which never win, and which compete for the same tickets."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from contact_hub.routing.doctor.findings import Finding, found
from contact_hub.routing.fields import Reading
from contact_hub.routing.index.matcher import Matcher
from contact_hub.routing.replay import Past
from contact_hub.routing.rules import DEFAULT, Rule, Rulebook
from contact_hub.routing.said import said

ENOUGH = 5
"""Two rules compete when they both matched so many tickets."""
MOST_PAIRS = 20


@dataclass(slots=True)
class RulePast:
    """How many tickets a rule matched, how many it won, and to which queues people moved those it won."""

    matched: int = 0
    won: int = 0
    moved_to: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class PairPast:
    """How many tickets of the first rule the second wanted too; of those, how many stayed and where people moved the others."""

    tickets: int = 0
    stayed: int = 0
    moved_to: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class History:
    """What the rules would have done to the tickets of the last `days`; pairs have the winner first."""

    days: int
    tickets: int
    rules: Mapping[str, RulePast]
    pairs: Mapping[tuple[str, str], PairPast]


def gather(rulebook: Rulebook, past: Iterable[Past], days: int) -> History:
    """Decides past tickets by these rules and counts. Takes as long as that takes."""
    rules = [rule for rule in rulebook.rules if rule.status != "off"]
    matcher = Matcher.of(rules)
    zone = rulebook.municipality.zone
    by_rule: defaultdict[str, RulePast] = defaultdict(RulePast)
    pairs: defaultdict[tuple[str, str], PairPast] = defaultdict(PairPast)
    tickets = 0
    for each in past:
        tickets += 1
        holding = [rules[place] for place in matcher.holding(Reading(each.contact, zone))]
        _count(each, holding, by_rule, pairs)
    return History(days, tickets, by_rule, pairs)


def from_history(rulebook: Rulebook, history: History) -> list[Finding]:
    """What the past says of the rules that decide, those that do nothing first; nothing when there is no past."""
    if not history.tickets:
        return []
    return [*_idle(rulebook, history), *_competing(rulebook, history)]


def _count(
    past: Past,
    holding: Sequence[Rule],
    by_rule: Mapping[str, RulePast],
    pairs: Mapping[tuple[str, str], PairPast],
) -> None:
    for rule in holding:
        by_rule[rule.id].matched += 1
    active = [rule for rule in holding if rule.status == "active"]
    takers = [rule for section in ("screen", "route") for rule in active if rule.section == section]
    labels = [rule for rule in active if rule.section == "label"]
    screened = bool(takers) and takers[0].section == "screen"
    for rule in [*takers[:1], *([] if screened else labels)]:
        by_rule[rule.id].won += 1
    if not takers:
        return
    winner = takers[0]
    moved = bool(past.final) and past.final != winner.then.queue
    if moved:
        by_rule[winner.id].moved_to[past.final] += 1
    for other in takers[1:]:
        pair = pairs[winner.id, other.id]
        pair.tickets += 1
        pair.stayed += past.final == winner.then.queue
        pair.moved_to.update([past.final] if moved else [])


def _idle(rulebook: Rulebook, history: History) -> Iterator[Finding]:
    for rule in rulebook.rules:
        past = history.rules.get(rule.id, RulePast())
        if rule.status == "off" or past.won or (rule.status == "shadow" and past.matched):
            continue
        if not past.matched:
            what = said(
                "“%(rule)s” matched none of the %(tickets)s tickets of the last %(days)s days.",
                rule=rule.id,
                tickets=history.tickets,
                days=history.days,
            )
            remedy = said("Look for words that people really use, or remove it; keep it if it is for what happens rarely.")
            yield found("never-matched", (rule.id,), rule.line, what, remedy)
        else:
            yield _never_won(rule, past, history)


def _never_won(rule: Rule, past: RulePast, history: History) -> Finding:
    winners = Counter({pair[0]: each.tickets for pair, each in history.pairs.items() if pair[1] == rule.id}).most_common(3)
    names = ", ".join(f"“{winner}” ({tickets})" for winner, tickets in winners)
    what = said(
        "“%(rule)s” matched %(matched)s tickets of the last %(days)s days and won none; these took them: %(winners)s.",
        rule=rule.id,
        matched=past.matched,
        days=history.days,
        winners=names,
    )
    remedy = said("Move it above them if it knows better, or remove it.")
    return found("never-won", (rule.id, *(winner for winner, _ in winners)), rule.line, what, remedy)


def _competing(rulebook: Rulebook, history: History) -> Iterator[Finding]:
    """Pairs that send what both want to different queues, those first of whose tickets people moved most."""
    rules = {rule.id: rule for rule in rulebook.rules if rule.id != DEFAULT}
    pairs = [
        (rules[winner], rules[other], each)
        for (winner, other), each in history.pairs.items()
        if each.tickets >= ENOUGH and winner in rules and other in rules
    ]
    apart = [(one, other, each) for one, other, each in pairs if one.then.queue != other.then.queue and one.section == "route"]
    apart.sort(key=lambda pair: (-pair[2].moved_to[pair[1].then.queue], -pair[2].tickets, pair[0].line, pair[1].line))
    for one, other, each in apart[:MOST_PAIRS]:
        yield _rivals(one, other, each)


def _rivals(one: Rule, other: Rule, past: PairPast) -> Finding:
    to_other = past.moved_to[other.then.queue]
    what = said(
        "“%(one)s” won %(tickets)s tickets that “%(other)s” wanted too. People left %(stayed)s of them where they were, moved"
        " %(to_other)s to “%(queue)s”, where “%(other)s” sends its own, and %(elsewhere)s elsewhere.",
        one=one.id,
        other=other.id,
        tickets=past.tickets,
        stayed=past.stayed,
        to_other=to_other,
        queue=other.then.queue,
        elsewhere=past.moved_to.total() - to_other,
    )
    remedy = said("If “%(one)s” is right, nothing need change.", one=one.id)
    if to_other > past.stayed:
        remedy = said("Move “%(other)s” above “%(one)s”, or make “%(one)s” narrower.", one=one.id, other=other.id)
    return found("competes", (one.id, other.id), one.line, what, remedy)
