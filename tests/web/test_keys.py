"""Every verb has a key, the button says it, and the help behind ? says the same."""

import re
from html import unescape

from contact_hub.web import keys, verbs
from tests.web.conftest import Desk, SignIn

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


def test_who_put_keys_of_one_letter_off_is_told_of_none(sign_in: SignIn, reference: str) -> None:
    desk = sign_in("agent", "onthaal")
    desk.post("/preferences/shortcuts", value="off")
    page = desk.page(f"/tickets/{reference}")
    assert SHORTCUT.findall(page) == []
    assert 'data-verb="claim"' in page
