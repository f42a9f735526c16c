"""Rules that can do nothing, or too much: contradictions, rules that can never win, rules that take every message."""

from collections.abc import Iterator, Sequence
from functools import cached_property

from contact_hub.routing.conditions import Address, Condition, Contains, Every, OneOf
from contact_hub.routing.doctor.findings import Finding, found
from contact_hub.routing.doctor.logic import Prover, Unproved
from contact_hub.routing.doctor.made_up import written
from contact_hub.routing.doctor.proof import Proof
from contact_hub.routing.rules import Rule
from contact_hub.routing.said import said
from contact_hub.routing.shown import shown


class Reach:
    """What each rule of a rulebook can ever take; `dead` are the ids of those that can take nothing."""

    def __init__(self, proof: Proof) -> None:
        self._proof = proof
        self._above: list[Rule] = []
        self.dead: set[str] = set()

    def findings(self) -> Iterator[Finding]:
        """The contradictions, then section by section what can never win or takes everything."""
        screens, labels, routes = (self._proof.active(section) for section in ("screen", "label", "route"))
        for rule in self._proof.rules:
            if not self._can_hold(rule):
                self.dead.add(rule.id)
                yield self._contradiction(rule)
        yield from self._in_order(screens, [])
        if any(map(self._takes_everything, screens)):
            self.dead.update(rule.id for rule in (*labels, *routes))
        else:
            yield from self._labels(labels, screens)
            yield from self._in_order(routes, screens)

    def _in_order(self, rules: Sequence[Rule], above: Sequence[Rule]) -> Iterator[Finding]:
        """What of these rules is left by those above; nothing more is said below a rule that takes everything."""
        for place, rule in enumerate(rules):
            if rule.id not in self.dead and self._takes_everything(rule):
                self.dead.update(each.id for each in rules[place + 1 :])
                self._above.append(rule)
                yield _everything(rule, len(rules) - place - 1)
                return
            if rule.id not in self.dead:
                yield from self._never_wins(rule, [*above, *rules[:place]])
            self._above.append(rule)

    def _labels(self, labels: Sequence[Rule], screens: Sequence[Rule]) -> Iterator[Finding]:
        """A label counts for what no screen rule takes."""
        for rule in labels:
            if rule.id not in self.dead and self._takes_everything(rule):
                what = said("“%(rule)s” labels every message, so its label tells nothing.", rule=rule.id)
                yield found(
                    "labels-everything", (rule.id,), rule.line, what, said("Say which messages it is for, or remove it.")
                )
            elif rule.id not in self.dead:
                yield from self._never_wins(rule, screens)

    @cached_property
    def _left(self) -> Prover:
        """Proves what can be while none of the rules above holds."""
        return Prover(self._proof.meaning.logic)

    def _is_left_by_those_above(self, rule: Rule) -> bool:
        while self._above:
            self._left.knows(-self._proof.of(self._above.pop()))
        return self._left.possible(self._proof.of(rule))

    def _can_hold(self, rule: Rule) -> bool:
        shown = any(rule.when.holds(self._proof.reading(contact)) for contact in rule.yes[:1])
        return shown or _is_simple(rule) or self._proof.alone(rule).can_hold()

    def _takes_everything(self, rule: Rule) -> bool:
        shown = any(not rule.when.holds(self._proof.reading(contact)) for contact in rule.no[:1])
        return not (shown or _is_simple(rule) or self._proof.alone(rule).can_fail())

    def _contradiction(self, rule: Rule) -> Finding:
        parts = list(rule.when.parts) if isinstance(rule.when, Every) else [rule.when]
        for part in list(parts):
            others = [each for each in parts if each is not part]
            if not self._proof.alone(rule).can_be(others):
                parts = others
        what = said("“%(rule)s” can never hold: no message fulfils %(parts)s.", rule=rule.id, parts=_at_once(parts))
        remedy = said("Take one of these conditions out, or let either be enough with `any`.")
        return found("contradiction", (rule.id,), rule.line, what, remedy)

    def _never_wins(self, rule: Rule, above: Sequence[Rule]) -> Iterator[Finding]:
        """The finding that a rule gets nothing, if that is so, with the fewest rules above it that take all it wants."""
        try:
            if self._proof.is_seen_alive(rule) or self._is_left_by_those_above(rule):
                return
            takers = self._proof.fewest(self._proof.of(rule), [self._proof.of(each) for each in above])
        except Unproved:
            what = said("Whether “%(rule)s” can ever win could not be proved in the time there is.", rule=rule.id)
            yield found("unproved", (rule.id,), rule.line, what, said("Write its conditions more simply, if you can."))
            return
        self.dead.add(rule.id)
        first = {self._proof.of(each): each for each in reversed(above)}
        blamed = [each for each in above if self._proof.of(each) in takers and first[self._proof.of(each)] is each]
        if len(blamed) == 1 and not self._proof.prover.possible(self._proof.of(blamed[0]), -self._proof.of(rule)):
            yield self._duplicate(rule, blamed[0], above)
        else:
            yield self._taken(rule, blamed, above)

    def _duplicate(self, rule: Rule, twin: Rule, above: Sequence[Rule]) -> Finding:
        what = said("“%(rule)s” wants exactly what “%(above)s” above it takes, so it never wins.", rule=rule.id, above=twin.id)
        remedy = said("Remove one of them, or write what makes them differ.")
        return found("duplicate", (rule.id, twin.id), rule.line, what, remedy, self._witness(rule, [twin], above))

    def _taken(self, rule: Rule, blamed: Sequence[Rule], above: Sequence[Rule]) -> Finding:
        names = ", ".join(f"“{each.id}”" for each in blamed)
        what = said("“%(rule)s” can never win: %(above)s above it takes all it wants.", rule=rule.id, above=names)
        remedy = said("Move it above %(above)s, make %(above)s narrower, or remove “%(rule)s”.", rule=rule.id, above=names)
        if len(blamed) > 1:
            what = said("“%(rule)s” can never win: %(above)s above it together take all it wants.", rule=rule.id, above=names)
            remedy = said("Move it above them, make one of them narrower, or remove “%(rule)s”.", rule=rule.id)
        rules = (rule.id, *(each.id for each in blamed))
        return found("never-wins", rules, rule.line, what, remedy, self._witness(rule, blamed, above))

    def _witness(self, rule: Rule, blamed: Sequence[Rule], above: Sequence[Rule]) -> str:
        """A message that the rule wants and one of those above gets: one of those to blame, if that can be shown."""
        wanted = self._proof.of(rule)
        takers = {self._proof.of(each) for each in blamed}
        beside = [-self._proof.of(each) for each in above if self._proof.of(each) not in takers]
        for together in ([wanted, *beside], [wanted]):
            contact = self._proof.contact(together, lambda each: rule.holds(self._proof.reading(each)))
            if contact:
                return written(contact)
        return ""


def _is_simple(rule: Rule) -> bool:
    """Whether it asks one thing of words or values: some messages have it, others have not."""
    return isinstance(rule.when, Contains | OneOf | Address)


def _everything(rule: Rule, below: int) -> Finding:
    remedy = said("Say which messages it is for, or remove it.")
    if rule.section == "screen":
        what = said("“%(rule)s” screens out every message, so none ever reaches a rule of `route`.", rule=rule.id)
        return found("takes-everything", (rule.id,), rule.line, what, remedy)
    if below:
        what = said("“%(rule)s” takes every message, so the rules below it (%(count)s) get none.", rule=rule.id, count=below)
        return found("takes-everything", (rule.id,), rule.line, what, remedy)
    what = said("“%(rule)s” takes every message that reaches it, so the default never decides.", rule=rule.id)
    remedy = said("Say which messages it is for, or remove it and write its `then` under `default`.")
    return found("default-unused", (rule.id,), rule.line, what, remedy)


def _at_once(parts: Sequence[Condition]) -> str:
    return " + ".join(f"`{shown(part)}`" for part in parts)
