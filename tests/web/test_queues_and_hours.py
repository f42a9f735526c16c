"""Administrators change queues and calendars by forms; it is a draft of the rules until it is published."""

import re

import pytest

from contact_hub import editions
from contact_hub.database import Session, now
from contact_hub.drafts import Draft
from tests.application import values
from tests.builders import RULES, publish_rules
from tests.web.conftest import Desk, SignIn

pytestmark = pytest.mark.either_database


@pytest.fixture
def lies(sign_in: SignIn) -> Desk:
    return sign_in("administrator", name="Lies Adams")


def draft(number: int) -> Draft:
    with Session() as session:
        return session.get_one(Draft, number)


def fill_in(desk: Desk, path: str, **filled: str) -> tuple[int, str]:
    """Sends the form of a page with something in it changed; gives the answer's status and where it leads, or its text."""
    answer = desk.post(path, **{**values(desk.page(path), path), **filled})
    return answer.status_code, answer.headers.get("Location") or answer.text


def rows(page: str) -> list[tuple[str, str, str]]:
    """What a draft changes: of what, as it is, as it would be."""
    plain = re.sub(r"<(?!/?t[hd])[^>]+>", "", page)
    found = re.findall(r'<th scope="row">(.*?)</th>\s*<td[^>]*>(.*?)</td>\s*<td[^>]*>(.*?)</td>', plain)
    return [(what.strip(), before.strip(), after.strip()) for what, before, after in found]


def test_a_queue_is_changed_in_a_draft_that_shows_it_and_is_published_with_a_reason(lies: Desk) -> None:
    status, leads_to = fill_in(lies, "/admin/queues/wegen", **{"name-fr": "Voirie", "amount": "3", "calendar": ""})

    assert (status, leads_to) == (303, "/rules/drafts/1/changes")
    assert "“Roads” stands so in the draft “Draft of Lies Adams”" in lies.page("/account")
    assert draft(1).text == RULES.replace("{nl: Wegen, en: Roads}", '{nl: Wegen, en: Roads, fr: "Voirie"}').replace(
        "clock: 5 working days, contact: Jan, deputy: An, calendar: office}", "clock: 3 working days, contact: Jan, deputy: An}"
    )
    page = re.sub(r"\s+", " ", lies.page(leads_to))
    assert rows(page) == [
        ("Name (Français)", "nothing", "Voirie"),
        ("Own time", "5 working days", "3 working days"),
        ("Calendar", "office", "nothing"),
    ]
    assert 'href="/rules/drafts/1"' in page
    with Session() as session:
        assert editions.deciding(session).rulebook.queues["wegen"].calendar == "office"

    opened = values(lies.page(leads_to), leads_to)
    assert lies.post(leads_to, **{**opened, "reason": " "}).status_code == 422
    assert lies.post(leads_to, **{**opened, "reason": "Roads are quicker now"}).status_code == 303
    assert "3 working days" in lies.page("/admin/queues")
    assert lies.get(leads_to).request.path == "/rules/editions/2"


def test_a_reason_that_was_emptied_stays_empty_when_it_is_refused(lies: Desk) -> None:
    _, leads_to = fill_in(lies, "/admin/queues/wegen", contact="Mia")
    with Session.begin() as session:
        session.get_one(Draft, 1).reason = "Begun in the text"
    opened = values(lies.page(leads_to), leads_to)

    refused = lies.post(leads_to, **{**opened, "reason": ""})

    assert (opened["reason"], refused.status_code) == ("Begun in the text", 422)
    assert values(refused.text, leads_to)["reason"] == ""


def test_what_is_published_is_what_was_looked_at(lies: Desk) -> None:
    _, leads_to = fill_in(lies, "/admin/queues/wegen", contact="Mia")
    opened = values(lies.page(leads_to), leads_to)
    fill_in(lies, "/admin/queues/groen", contact="Tom")

    held = lies.post(leads_to, **{**opened, "reason": "Mia works there now"})

    assert held.status_code == 409
    assert ("Contact person", "nothing", "Tom") in rows(held.text)
    assert "Mia works there now" in held.text
    assert lies.post(leads_to, **values(held.text, leads_to)).status_code == 303


def test_a_draft_that_was_overtaken_or_has_mistakes_is_looked_at_in_its_text(lies: Desk) -> None:
    _, leads_to = fill_in(lies, "/admin/queues/wegen", contact="Mia")
    with Session.begin() as session:
        session.get_one(Draft, 1).text = "format: 99"
    assert lies.get(leads_to).request.path == "/rules/drafts/1"
    with Session.begin() as session:
        session.get_one(Draft, 1).text = RULES.replace("Jan", "Mia")
        publish_rules(session, RULES.replace("Jan", "Piet"))
    assert lies.get(leads_to).request.path == "/rules/drafts/1"


def test_what_else_a_draft_changes_is_told_beside_a_new_calendar(lies: Desk) -> None:
    new = {"id": "zwembad", "name-nl": "Zwembad", "mon": "7:00-21:00", "closed": "2027-01-01"}
    _, leads_to = fill_in(lies, "/admin/calendars/new", **new)
    with Session.begin() as session:
        kept = session.get_one(Draft, 1)
        kept.text = kept.text.replace("text: [boom]", "text: [boom, struik]")

    page = re.sub(r"\s+", " ", lies.page(leads_to))

    assert "<dt>Monday</dt><dd>07:00-21:00</dd>" in page
    assert "<dt>Closed on</dt><dd>1 Jan 2027</dd>" in page
    assert "Rules that say something else</dt>" in page


def test_a_day_without_hours_is_said_to_be_closed_and_not_called_optional(lies: Desk) -> None:
    page = lies.page("/admin/calendars/office")
    assert "Empty: closed" in page
    assert "Monday</label>" in page


def test_a_calendar_is_called_by_its_name_wherever_it_is_seen(lies: Desk) -> None:
    names = {"name-nl": "Kantooruren", "name-en": "Office hours"}
    _, leads_to = fill_in(lies, "/admin/calendars/office", **names)

    assert "“Office hours” stands so in the draft" in lies.page("/account")
    changed = lies.page(leads_to)
    assert "Calendar Office hours</h2>" in changed
    assert rows(changed) == [("Name (Nederlands)", "nothing", "Kantooruren"), ("Name (English)", "nothing", "Office hours")]
    page = lies.page("/admin/queues")
    assert "Calendar Office hours" in page
    assert 'id="calendar-of-wegen">Office hours</a>' in page
    assert '<option value="office" selected>Office hours</option>' in lies.page("/admin/queues/wegen")
    assert "<h1>Office hours</h1>" in lies.page("/admin/calendars/office")
    fill_in(lies, "/admin/queues/groen", calendar="office")
    assert ("Calendar", "nothing", "Office hours") in rows(lies.page(leads_to))
    assert fill_in(lies, "/admin/calendars/office", **{"name-nl": "", "name-en": ""})[0] == 422


def test_one_draft_gathers_what_is_changed_until_it_is_published(lies: Desk) -> None:
    new = {"id": "zwembad", "name-nl": "Zwembad", "mon": "7:00-21:00", "closed": "2027-01-01 2027-12-25", "do": "more"}
    assert fill_in(lies, "/admin/calendars/new", **new) == (303, "/admin/queues?draft=1")
    queue = {"id": "zwembad", "name-nl": "Zwembad", "calendar": "zwembad", "visibility": "restricted"}
    assert fill_in(lies, "/admin/queues/new", **queue) == (303, "/rules/drafts/1/changes")

    pool = 'zwembad: {name: {nl: "Zwembad"}, mon: ["07:00-21:00"], closed: ["2027-01-01", "2027-12-25"]}'
    assert pool in draft(1).text
    assert "You see the draft “Draft of Lies Adams”" in lies.page("/admin/queues")
    assert "Zwembad" in lies.page("/admin/queues")
    assert "Zwembad" not in lies.page("/admin/queues?draft=0")


def test_two_at_one_queue_do_not_undo_unseen_what_the_other_did(lies: Desk, sign_in: SignIn) -> None:
    fill_in(lies, "/admin/queues/groen", contact="Jan")
    path = "/admin/queues/wegen?draft=1"
    opened = values(lies.page(path), "/admin/queues/wegen")
    bram = sign_in("administrator", name="Bram Baert")
    mine = values(bram.page(path), "/admin/queues/wegen")
    assert bram.post("/admin/queues/wegen", **{**mine, "contact": "Mia"}).status_code == 303

    held = lies.post("/admin/queues/wegen", **{**opened, "deputy": "Tom"})
    assert held.status_code == 409
    assert "changed since you opened this form" in held.text
    assert "contact: Jan, deputy: Tom" not in draft(1).text
    assert lies.post("/admin/queues/wegen", **values(held.text, "/admin/queues/wegen")).status_code == 303
    assert "Tom" in draft(1).text


def test_what_was_typed_for_a_draft_that_is_put_away_meanwhile_goes_into_a_new_one(lies: Desk) -> None:
    fill_in(lies, "/admin/queues/groen", contact="Jan")
    opened = values(lies.page("/admin/queues/wegen?draft=1"), "/admin/queues/wegen")
    with Session.begin() as session:
        session.get_one(Draft, 1).closed_at = now()

    assert lies.post("/admin/queues/wegen", **{**opened, "deputy": "Tom"}).location == "/rules/drafts/2/changes"
    assert "Tom" in draft(2).text
    assert "Tom" not in draft(1).text


def test_what_is_wrong_is_told_at_its_field_and_nothing_is_kept(lies: Desk) -> None:
    status, page = fill_in(lies, "/admin/queues/new", id="wegen", amount="soon")
    assert status == 422
    assert "This id is taken" in page
    assert {"id", "name-nl", "amount"} == set(re.findall(r'id="field-([a-z-]+)-wrong"', page))
    status, page = fill_in(lies, "/admin/calendars/office", **{"name-nl": "Kantooruren", "mon": "12:00-9:00"})
    assert (status, re.findall(r'id="field-([a-z-]+)-wrong"', page)) == (422, ["mon"])
    assert "it stands so already" in fill_in(lies, "/admin/queues/wegen")[1]
    with Session() as session:
        assert session.query(Draft).count() == 0


def test_what_was_typed_about_a_queue_that_went_with_its_draft_is_kept_on_the_page(lies: Desk) -> None:
    fill_in(lies, "/admin/queues/new", **{"id": "zwembad", "name-nl": "Zwembad"})
    opened = values(lies.page("/admin/queues/zwembad?draft=1"), "/admin/queues/zwembad")
    with Session.begin() as session:
        session.get_one(Draft, 1).closed_at = now()

    held = lies.post("/admin/queues/zwembad", **{**opened, "deputy": "Tom"})

    assert (held.status_code, 'value="Tom"' in held.text) == (409, True)
