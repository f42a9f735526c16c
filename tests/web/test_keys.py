"""Every verb has a key, the button says it, and the help behind ? says the same."""

import re
from html import unescape
from html.parser import HTMLParser

import pytest

from contact_hub.database import Session
from contact_hub.web import keys, verbs
from tests import builders
from tests.web.conftest import Desk, SignIn

pytestmark = pytest.mark.either_database

SHORTCUT = re.compile(r'data-verb="([^"]+)" aria-keyshortcuts="([^"]+)"')
SHOWN = re.compile(r"<kbd>([^<]+)</kbd>")


def test_every_verb_has_a_key_of_its_own() -> None:
    assert set(verbs.VERBS) <= set(keys.ON_A_TICKET)
    by_turns = {"resolution", "reopening"}  # never on the same page
    letters = [letter for verb, (letter, _) in {**keys.ANYWHERE, **keys.ON_A_TICKET}.items() if verb not in by_turns]
    letters += [letter for move in keys.MOVES if not move.startswith("Ctrl") for letter in move.split()]
    assert len(letters) == len(set(letters))


def test_the_buttons_of_a_ticket_say_the_keys_that_the_help_shows(reception: Desk, reference: str) -> None:
    page = reception.page(f"/tickets/{reference}")
    said = dict(SHORTCUT.findall(page))
    assert {"claim", "answers", "notes", "hand-overs", "resolution", "together", "log", "queue"} <= set(said)
    shown = set(map(unescape, SHOWN.findall(page)))
    assert set(said.values()) <= shown


class Unnamed(HTMLParser):
    """The forms of a ticket that neither their button nor what they are folded into gives a name to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.form, self.named, self.folds = "", False, [False]
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag == "details":
            self.folds.append(False)
        if tag == "form":
            does = dict(attributes).get("method") == "post"
            self.form, self.named = (dict(attributes).get("action") or "") if does else "", self.folds[-1]
        if "data-verb" in dict(attributes):
            self.named = True
            self.folds[-1] = self.folds[-1] or tag == "summary"

    def handle_endtag(self, tag: str) -> None:
        if tag == "details":
            self.folds.pop()
        if tag == "form":
            self.found += [] if self.named or not self.form.startswith("/tickets/") else [self.form]


def test_all_that_can_be_done_with_a_ticket_has_a_name_for_the_palette(reception: Desk, reference: str) -> None:
    with Session.begin() as session:
        other = builders.a_ticket(session, sender="jan@example.org", message_id="jan@example.org").reference
    reception.post(f"/tickets/{reference}/links", other=other)
    reception.post(f"/tickets/{reference}/answers", text="Goeiedag")
    page = reception.page(f"/tickets/{reference}")
    assert {"take-back", "person", "unlinking", "found-wrong", "contact-reasons"} <= set(
        re.findall(r'data-verb="([^"]+)"', page)
    )
    assert Unnamed(page).found == []
    assert Unnamed(reception.page(f"/tickets/{reference}/why")).found == []
    assert {"narrowing", "saving"} <= set(re.findall(r'data-verb="([^"]+)"', reception.page("/desk/inbox")))


def test_who_put_keys_of_one_letter_off_is_told_of_none(sign_in: SignIn, reference: str) -> None:
    desk = sign_in("agent", "onthaal")
    desk.post("/preferences/shortcuts", value="off")
    page = desk.page(f"/tickets/{reference}")
    assert SHORTCUT.findall(page) == []
    assert 'data-verb="claim"' in page
