"""Propositions and a prover for them: a thin, exact layer over a SAT solver."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from pysat.solvers import MinisatGH

TRUE = 1
"""The proposition that always holds; `-TRUE` never does. The opposite of a proposition is its negative."""

MOST_CONFLICTS = 20_000
"""The prover gives up on one question after so many dead ends: seconds at the very most."""


class Unproved(Exception):
    """The prover gave up: neither yes nor no."""


class Logic:
    """Propositions, numbered, and what is known of them."""

    def __init__(self) -> None:
        self.clauses: list[list[int]] = [[TRUE]]
        self.last = TRUE

    def new(self) -> int:
        """A proposition nothing is known of."""
        self.last += 1
        return self.last

    def knows(self, *any_of: int) -> None:
        """From now on, at least one of these holds."""
        self.clauses.append(list(any_of))

    def every(self, parts: Iterable[int]) -> int:
        """Holds exactly when all of these hold."""
        kept = dict.fromkeys(part for part in parts if part != TRUE)
        if -TRUE in kept or any(-part in kept for part in kept):
            return -TRUE
        if len(kept) < 2:
            return next(iter(kept), TRUE)
        whole = self.new()
        self.clauses.extend([-whole, part] for part in kept)
        self.clauses.append([whole, *[-part for part in kept]])
        return whole

    def either(self, parts: Iterable[int]) -> int:
        """Holds exactly when at least one of these holds."""
        kept = dict.fromkeys(part for part in parts if part != -TRUE)
        if TRUE in kept or any(-part in kept for part in kept):
            return TRUE
        if len(kept) < 2:
            return next(iter(kept), -TRUE)
        whole = self.new()
        self.clauses.extend([whole, -part] for part in kept)
        self.clauses.append([-whole, *kept])
        return whole

    def at_least(self, number: int, parts: Sequence[int]) -> int:
        """Holds exactly when so many of these hold."""
        reached = [TRUE] + [-TRUE] * number
        for part in parts:
            reached = [TRUE] + [self.either([same, self.every([less, part])]) for less, same in pairwise(reached)]
        return reached[number]

    def at_most_one(self, parts: Sequence[int]) -> None:
        """From now on, no two of these hold together."""
        seen = -TRUE
        for part in parts:
            self.knows(-seen, -part)
            seen, before = self.new(), seen
            self.knows(-before, seen)
            self.knows(-part, seen)

    def ascending(self, parts: Sequence[int]) -> None:
        """From now on, each of these brings the next with it."""
        for part, following in pairwise(parts):
            self.knows(-part, following)


class Prover:
    """Asks whether propositions can hold together, with all that is known."""

    def __init__(self, logic: Logic) -> None:
        self._logic = logic
        self._told = 0
        self._solver = MinisatGH()

    def possible(self, *together: int) -> bool:
        """Whether these can hold together. Raises Unproved."""
        if self._told < len(self._logic.clauses):
            self._solver.append_formula(self._logic.clauses[self._told :])
            self._solver.set_phases([-each for each in range(TRUE + 1, self._logic.last + 1)])
            self._told = len(self._logic.clauses)
        self._solver.conf_budget(MOST_CONFLICTS)
        answer = self._solver.solve_limited(assumptions=together)
        if answer is None:
            raise Unproved
        return bool(answer)

    def knows(self, *any_of: int) -> None:
        """From now on, at least one of these holds, as far as this prover is concerned."""
        self._solver.add_clause(any_of)

    def model(self) -> frozenset[int]:
        """Propositions that hold together, after a yes; few of them, for the prover takes each as false while it can."""
        return frozenset(self._solver.get_model() or ())

    def core(self) -> frozenset[int]:
        """Of what was asked last, propositions that cannot hold together, after a no; not always the fewest."""
        return frozenset(self._solver.get_core() or ())
