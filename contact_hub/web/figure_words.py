"""What the figures are called, and their formulas in words people can check."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l


@dataclass(frozen=True)
class Words:
    """The name of a figure, its formula in sentences, and what its two parts are called; all lazy translations."""

    title: object
    formula: tuple[object, ...]
    counted: object
    rest: object


_E = _l(
    "E: tickets whose first contact came in during the period, "
    "without those closed as spam, test, wrong number or duplicate and without quarantine."
)
_UNDER_FIRST = _l("A ticket stands under the queue it came in at.")
_UNDER_LAST = _l("A ticket stands under the queue that resolved it.")
_UNDER_BACK = _l("A ticket stands under the first back-office queue it reached.")

WORDS: dict[str, Words] = {
    "fcr_gross": Words(
        _l("First-contact resolution, gross"),
        (
            _l("Solved at the first contact / E."),
            _l(
                "Solved at the first contact: closed by the front office itself, no back office held it, and not opened again. "
                "For mail and forms exactly one answer was sent."
            ),
            _E,
            _UNDER_FIRST,
        ),
        _l("Solved at the first contact"),
        _l("Not solved at the first contact"),
    ),
    "fcr_net": Words(
        _l("First-contact resolution, net"),
        (
            _l("The same, without the topics that no first line can solve: solved at the first contact / E without those."),
            _E,
            _UNDER_FIRST,
        ),
        _l("Solved at the first contact"),
        _l("Not solved at the first contact"),
    ),
    "flr": Words(
        _l("First-line resolution"),
        (_l("Resolved without any back-office queue / resolved tickets of E."), _E, _UNDER_LAST),
        _l("Resolved without a back office"),
        _l("Resolved with a back office"),
    ),
    "transfer": Words(
        _l("Handed over"),
        (
            _l("Tickets that went to at least one other queue / tickets of E that somebody has handled."),
            _l("Handled: claimed, answered, handed over or resolved. Moves within the same queue do not count."),
            _E,
            _UNDER_FIRST,
        ),
        _l("Handed over"),
        _l("Not handed over"),
    ),
    "bounce": Words(
        _l("Ping-pong"),
        (_l("Tickets that came back to a queue that had them before, or were returned / E."), _E, _UNDER_FIRST),
        _l("Came back or were returned"),
        _l("Went one way"),
    ),
    "first_route": Words(
        _l("Routing accuracy"),
        (
            _l("The first back-office queue was the one that resolved it / resolved tickets of E that reached a back office."),
            _l("A ticket that no back office held has no such queue and stays out."),
            _E,
            _UNDER_BACK,
        ),
        _l("Resolved where they were first sent"),
        _l("Resolved elsewhere"),
    ),
    "beyond_first_line": Words(
        _l("Not for the first line"),
        (_l("Tickets on topics that no first line can solve / E."), _E, _UNDER_FIRST),
        _l("Not for the first line"),
        _l("For the first line, or without a topic"),
    ),
    "transfer_front_back": Words(
        _l("From front to back office"),
        (_l("Of the handled tickets, those that ever went this way."),),
        _l("Went this way"),
        _l("Did not"),
    ),
    "transfer_back_back": Words(
        _l("From back office to back office"),
        (_l("Of the handled tickets, those that ever went this way."),),
        _l("Went this way"),
        _l("Did not"),
    ),
    "transfer_back_front": Words(
        _l("From back to front office"),
        (_l("Of the handled tickets, those that ever went this way."),),
        _l("Went this way"),
        _l("Did not"),
    ),
}
BACKLOG = {
    "open": _l("Open"),
    "untouched": _l("Untouched"),
    "late": _l("Past the promise"),
    "resolved": _l("Resolved in the last seven days"),
}
BANDS = {"0-1": "0–1", "1-3": "1–3", "3-5": "3–5", "5-10": "5–10", "over-10": "> 10"}  # working days
