"""The inbox: what stands where, and how it pages."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest

from contact_hub import tickets as ticket_verbs
from contact_hub.database import Session, now
from contact_hub.tickets import Ticket
from contact_hub.web import filters, listing
from contact_hub.web.orders import ORDERS
from tests import builders
from tests.web.conftest import Desk, SignIn


def references(page: str) -> list[str]:
    return re.findall(r'<li class="line[^"]*" data-ticket="([^"]+)"', page)


def tickets(number: int, **contact: object) -> list[str]:
    with Session.begin() as session:
        contacts = [builders.a_contact(**contact) for _ in range(number)]
        return [each.reference for each in builders.some_tickets(session, *contacts)]


def test_a_day_begins_with_the_own_queues(sign_in: SignIn) -> None:
    own, other = tickets(1)[0], tickets(1, subject="boom")[0]
    assert references(sign_in("agent", "onthaal").page("/desk")) == [own]
    assert set(references(sign_in("supervisor").page("/desk"))) == {own, other}


def test_urgent_comes_first_then_what_is_due_first(sign_in: SignIn) -> None:
    later = tickets(1, received=builders.MONDAY + timedelta(days=7))[0]
    sooner = tickets(1)[0]
    urgent = tickets(1, subject="gevaar", received=builders.MONDAY + timedelta(days=30))[0]
    assert references(sign_in("supervisor").page("/desk/inbox?view=open")) == [urgent, sooner, later]


def test_paging_shows_every_ticket_once_also_those_that_are_never_due(sign_in: SignIn) -> None:
    with Session.begin() as session:
        contacts = [builders.a_contact(subject=("boom", "vraag", "gevaar")[n % 3]) for n in range(120)]
        everything = [each.reference for each in builders.some_tickets(session, *contacts)]
    desk = sign_in("supervisor")
    assert sorted(walked(desk, "/desk/inbox?view=open")) == sorted(everything)


def test_resolved_tickets_page_from_the_newest_on(sign_in: SignIn) -> None:
    with Session.begin() as session:
        everything = builders.some_tickets(session, *(builders.a_contact() for _ in range(listing.PAGE + 3)))
        for ticket in everything:
            ticket.resolve(by=None, outcome="resolved_first_line")
    assert walked(sign_in("supervisor"), "/desk/inbox?view=resolved") == [ticket.reference for ticket in reversed(everything)]


def test_resolved_tickets_are_listed_oldest_first_where_that_is_asked_and_no_order_is_offered_in_vain(sign_in: SignIn) -> None:
    with Session.begin() as session:
        everything = builders.some_tickets(session, *(builders.a_contact() for _ in range(listing.PAGE + 3)))
        for ticket in everything[::-1]:
            ticket.resolve(by=None, outcome="resolved_first_line")
    desk = sign_in("supervisor")
    oldest = [ticket.reference for ticket in reversed(everything)]
    assert walked(desk, "/desk/inbox?view=resolved&sort=oldest") == oldest
    assert walked(desk, "/desk/inbox?view=resolved") == oldest[::-1]
    came_in = [ticket.reference for ticket in everything]
    assert walked(desk, "/desk/inbox?view=resolved&since=2026-01-01") == came_in[::-1]
    assert walked(desk, "/desk/inbox?view=resolved&since=2026-01-01&sort=oldest") == came_in
    assert offered_orders(desk.page("/desk/inbox/narrowing?view=resolved")) == ["", "oldest"]
    assert offered_orders(desk.page("/desk/inbox/narrowing?view=open")) == ["", "due", "oldest", "newest"]
    assert offered_orders(desk.page("/desk/inbox/narrowing?view=handed")) == []


def offered_orders(page: str) -> list[str]:
    field = re.search(r'id="narrow-sort".*?</select>', page)
    return re.findall(r'value="(\w*)"', field[0]) if field else []


def test_the_links_beside_the_list_keep_what_narrows_it_and_a_queue_leads_to_what_is_due(sign_in: SignIn) -> None:
    page = sign_in("agent", "onthaal").page("/desk/inbox?queue=onthaal&view=open&topic=put&q=weg&door=email")
    leads = {name: address for address, name in re.findall(r'href="([^"]+)" id="([\w-]+)"', page)}
    for kept in ("view-mine", "queue-groen", "status-soon", "status-overdue"):
        assert all(part in leads[kept] for part in ("topic=put", "q=weg", "door=email")), kept
    assert "queue=onthaal" in leads["status-overdue"]
    assert "topic" not in leads["queue-belastingen"]  # only its state is seen: it takes no filter


def test_what_narrows_a_list_is_offered_with_what_holds_now_and_goes_along_before_it_is_there(sign_in: SignIn) -> None:
    desk, asked = sign_in("supervisor"), "view=open&topic=put&owner=nobody&sort=due&q=weg"
    chosen = re.findall(r'<option value="(\w+)" selected>', desk.page(f"/desk/inbox/narrowing?{asked}"))
    assert chosen == ["put", "nobody", "due"]
    form = re.search(r'id="narrowing".*?</form>', desk.page(f"/desk/inbox?{asked}"), re.DOTALL)
    assert form
    held = dict(re.findall(r'name="(\w+)"(?: type="search")? value="(\w*)"', form[0]))
    assert held == {"view": "open", "queue": "", "door": "", "q": "weg", "topic": "put", "owner": "nobody", "sort": "due"}


def walked(desk: Desk, path: str) -> list[str]:
    """All the references from here to the last page."""
    page = desk.page(path)
    onward = re.search(r'href="([^"]+)" id="pager-next"', page)
    rest = walked(desk, onward[1].replace("&amp;", "&")) if onward else []
    return references(page) + rest


def test_a_made_up_place_in_a_list_is_refused(sign_in: SignIn) -> None:
    desk = sign_in("agent", "onthaal")
    with desk.client.application.app_context():
        made_for_another = ORDERS["oldest"].sealed(Ticket(id=7))
    for place in ("x", "1~2~3", "é", made_for_another, made_for_another[:-8]):
        for page in ("/desk/inbox", "/desk/search", "/api/v1/tickets"):
            asked = {"after": place, "q": "vraag"}
            assert desk.get(page, query_string=asked).status_code == 400, (page, place)


@pytest.mark.parametrize("view", ["open", "resolved"])
def test_a_list_of_states_is_sorted_by_when_they_came_in(view: str, sign_in: SignIn) -> None:
    """What is urgent or due first is not told by a place in the list, nor by what the next page's address holds."""
    with Session.begin() as session:
        waits = [builders.a_ticket(session, message="belasting") for _ in range(3)]
        waits[2].rank, waits[1].due_at = 0, builders.MONDAY
        if view == "resolved":
            for each in (waits[1], waits[0], waits[2]):
                each.resolve(by=None, outcome="resolved_back_office")
        came_in = [each.reference for each in waits]
    page = sign_in("agent", "onthaal").page(f"/desk/inbox?view={view}&queue=belastingen&sort=urgent")

    assert references(page) == (came_in if view == "open" else came_in[::-1])


def test_the_address_holds_the_filters(sign_in: SignIn) -> None:
    mail = tickets(1)[0]
    called = tickets(1, channel="phone", sender="")[0]
    desk = sign_in("agent", "onthaal")
    assert references(desk.page("/desk/inbox?queue=onthaal&door=phone")) == [called]
    desk.post(f"/tickets/{mail}/claim")
    assert references(desk.page("/desk/inbox?view=mine")) == [mail]
    assert references(desk.page("/desk/inbox?view=unassigned")) == [called]


def test_counts_are_those_of_the_list(sign_in: SignIn) -> None:
    tickets(3)
    tickets(2, subject="boom")
    page = sign_in("agent", "onthaal").page("/desk/inbox")
    counted = dict(re.findall(r'id="(?:view|queue)-(\w+)"[^<]*(?:<(?!/a)[^<]*)*?class="count">(\d+)<', page))
    assert counted["team"] == "3"
    assert counted["open"] == "5"
    assert counted["mine"] == "0"
    assert counted["groen"] == "2"


def test_a_queue_of_others_is_counted_less_far_than_ones_own(sign_in: SignIn) -> None:
    tickets(101)
    anna, bram = sign_in("agent", "onthaal"), sign_in("agent", "groen", name="Bram Maes")
    assert [json.loads(each.page("/api/v1/counts"))["queues"]["onthaal"] for each in (anna, bram)] == [101, 100]
    page = bram.page("/desk/inbox?view=mine")
    assert re.search(r'id="queue-onthaal"[^<]*(?:<(?!/a)[^<]*)*?class="count">99\+<', page)


def test_an_empty_desk_says_so(sign_in: SignIn) -> None:
    assert "Nothing is waiting here" in sign_in("agent", "onthaal").page("/desk/inbox")
    assert "You see how tickets stand, not what they say" in sign_in("administrator").page("/desk/inbox")


def test_what_a_citizen_wrote_never_becomes_part_of_the_page(sign_in: SignIn) -> None:
    reference = tickets(1, subject="<script>alert(1)</script>", message="<img src=x onerror=alert(2)>")[0]
    desk = sign_in("agent", "onthaal")
    for page in (desk.page("/desk/inbox"), desk.page(f"/tickets/{reference}")):
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def listed(desk: Desk, **asked: str) -> list[str]:
    return references(desk.get("/desk/inbox", query_string={"view": "open", **asked}).text)


def test_a_list_is_narrowed_by_all_that_is_asked_at_once(sign_in: SignIn) -> None:
    hole = tickets(1, subject="Een put in de weg, Molenweg", sender_name="Roos Peeters", language="nl")[0]
    tickets(1, subject="Een put in de Kerkstraat", sender="jan@example.org", sender_name="Jan", language="fr")
    tickets(1, subject="Molenweg")
    desk = sign_in("supervisor")
    assert listed(desk, q="molenweg", topic="put") == [hole]
    assert listed(desk, q="peeters", language="nl", topic="put") == [hole]
    assert listed(desk, q=hole) == [hole]
    assert listed(desk, q=hole, language="fr") == []
    assert listed(desk, q="%") == []


def test_a_list_is_narrowed_to_a_label_a_priority_and_the_days_of_the_municipality(sign_in: SignIn) -> None:
    with Session.begin() as session:
        labelled = builders.a_ticket(session)
        labelled.tags = ["café", "100%"]
        late = builders.a_ticket(session, received=datetime(2026, 11, 23, 23, 30, tzinfo=UTC))  # the 24th in Brussels
        urgent = builders.a_ticket(session, subject="gevaar")
    desk = sign_in("supervisor")
    assert listed(desk, tag="café") == [labelled.reference]
    assert listed(desk, tag="100%") == [labelled.reference]
    assert listed(desk, tag="caf") == []
    assert listed(desk, priority="urgent") == [urgent.reference]
    assert listed(desk, since="2026-11-24", until="2026-11-24") == [late.reference]
    assert late.reference not in listed(desk, until="2026-11-23")


def test_what_nobody_can_mean_narrows_nothing(sign_in: SignIn) -> None:
    own = tickets(1)
    assert listed(sign_in("supervisor"), priority="very", since="soon", until="1-1", door="window", sort="size") == own


def test_each_filter_can_be_taken_away_again(sign_in: SignIn) -> None:
    page = sign_in("supervisor").page("/desk/inbox?view=open&q=put&priority=high&sort=oldest")
    chips = dict(re.findall(r'id="chip-(\w+)" href="([^"]+)"', page))
    assert chips.keys() == {"q", "priority"}
    assert "q=" not in chips["q"]
    assert "priority=high" in chips["q"]
    assert "sort=oldest" in chips["q"]


def test_a_list_is_sorted_by_age_or_by_what_is_due(sign_in: SignIn) -> None:
    later = tickets(1, received=builders.MONDAY + timedelta(days=7))[0]
    urgent = tickets(1, subject="gevaar", received=builders.MONDAY + timedelta(days=30))[0]
    sooner = tickets(1)[0]
    desk = sign_in("supervisor")
    assert listed(desk, sort="oldest") == [later, urgent, sooner]
    assert listed(desk, sort="newest") == [sooner, urgent, later]
    assert listed(desk, sort="due") == [sooner, later, urgent]


@pytest.mark.parametrize("sort", filters.SORTS)
def test_every_order_pages_through_each_ticket_once(sign_in: SignIn, sort: str) -> None:
    with Session.begin() as session:
        contacts = [builders.a_contact(subject=("boom", "vraag", "gevaar")[n % 3]) for n in range(60)]
        everything = [each.reference for each in builders.some_tickets(session, *contacts)]
    assert sorted(walked(sign_in("supervisor"), f"/desk/inbox?view=open&sort={sort}")) == sorted(everything)


def test_what_is_late_and_what_soon_will_be_have_views_and_counts(sign_in: SignIn) -> None:
    with Session.begin() as session:
        late, soon, later, never = (builders.a_ticket(session) for _ in range(4))
        late.due_at, soon.due_at = now() - timedelta(hours=1), now() + timedelta(hours=1)
        later.due_at, never.due_at = now() + timedelta(days=3), None
    desk = sign_in("supervisor")
    assert listed(desk, view="overdue") == [late.reference]
    assert listed(desk, view="soon") == [soon.reference]
    counted = dict(re.findall(r'id="view-(\w+)"[^<]*(?:<(?!/a)[^<]*)*?class="count[^"]*">(\d+)<', desk.page("/desk/inbox")))
    assert (counted["overdue"], counted["soon"]) == ("1", "1")


def test_what_somebody_handed_over_stays_in_sight_with_what_became_of_it(sign_in: SignIn) -> None:
    desk = sign_in("agent", "onthaal")
    mine, others = tickets(2)
    desk.post(f"/tickets/{mine}/hand-overs", queue="wegen", reason="Een put", promise="u hoort van ons")
    with Session.begin() as session:
        ticket = ticket_verbs.find(session, mine)
        assert ticket
        ticket.resolve(by=None, outcome="resolved_back_office")
    page = desk.page("/desk/inbox?view=handed")
    assert references(page) == [mine]
    assert "badge-resolved" in page
    assert others not in page


def test_hand_overs_are_counted_as_long_as_nobody_solved_them(sign_in: SignIn) -> None:
    desk = sign_in("agent", "onthaal")
    for reference in tickets(2):
        desk.post(f"/tickets/{reference}/hand-overs", queue="belastingen", reason="Voor u", promise="u hoort van ons")
    assert json.loads(desk.page("/api/v1/counts"))["views"]["handed"] == 2
    with Session.begin() as session:
        solved = ticket_verbs.find(session, reference)
        assert solved
        solved.resolve(by=None, outcome="resolved_back_office")
    assert '<span>My hand-overs</span> <span class="count">1</span>' in desk.page("/desk/inbox")


def test_words_never_tell_what_somebody_does_not_see_whole(sign_in: SignIn) -> None:
    desk = sign_in("agent", "onthaal")
    handed = tickets(1, subject="Een geheime schuld")[0]
    desk.post(f"/tickets/{handed}/hand-overs", queue="belastingen", reason="Voor u", promise="u hoort van ons")
    assert handed in listed(desk, view="handed")
    assert listed(desk, view="handed", q="geheime") == []
    assert listed(desk, view="open", q="geheime") == []


def test_a_list_is_narrowed_to_an_owner(sign_in: SignIn) -> None:
    mine, others, free = tickets(3)
    desk, bram = sign_in("agent", "onthaal"), sign_in("agent", "onthaal", name="Bram Maes")
    desk.post(f"/tickets/{mine}/claim")
    bram.post(f"/tickets/{others}/claim")
    assert bram.agent
    assert listed(desk, owner="me") == listed(bram, owner=f"{desk.agent.id}" if desk.agent else "") == [mine]
    assert listed(desk, owner=f"{bram.agent.id}") == [others]
    assert listed(desk, owner="nobody") == [free]
    assert len(listed(desk, owner="whoever")) == 3
    page = desk.page(f"/desk/inbox?view=open&owner={bram.agent.id}&person=roos")
    assert re.search(r'id="chip-owner"[^>]*>Owner: Bram Maes', page)
    assert re.search(r'id="chip-person"[^>]*>Person: roos', page)


def test_a_list_is_narrowed_to_a_person_by_name_address_or_number(sign_in: SignIn) -> None:
    roos = tickets(1, sender="roos@example.org", sender_name="Roos Peeters")[0]
    jan = tickets(1, channel="phone", sender="+32 475 12 34 56", sender_name="Jan Roosen")[0]
    desk = sign_in("agent", "onthaal")
    assert listed(desk, person="roos peeters") == listed(desk, person="Roos@example.org") == [roos]
    assert listed(desk, person="0475 12 34 56") == [jan]
    assert set(listed(desk, person="roos")) == {roos, jan}
    assert listed(desk, person="piet") == []
    assert listed(desk, person="roos", door="phone") == [jan]


def test_a_line_tells_its_age_and_a_draft_of_mine_and_of_nobody_else(sign_in: SignIn) -> None:
    reference = tickets(1, received=now() - timedelta(days=3))[0]
    desk, other = sign_in("agent", "onthaal"), sign_in("agent", "onthaal", name="Bram Maes")
    desk.put(f"/tickets/{reference}/unsent/notes", text="half a note")
    page = desk.page("/desk/inbox?view=open")
    assert "Draft of yours" in page
    assert re.search(r'class="line-age">.*<time[^>]*>3 days<', page)
    assert "Draft of yours" not in other.page("/desk/inbox?view=open")
