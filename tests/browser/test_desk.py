"""The desk in a real browser: what arrives appears, what is typed stays, and the keyboard is enough."""

from datetime import timedelta
from itertools import product

from playwright.sync_api import APIResponse, Browser, BrowserContext, Page, Route, expect
from sqlalchemy.orm import Session as SessionType

from contact_hub import live, tickets
from contact_hub.agents import Agent
from contact_hub.database import Session, now
from contact_hub.messages import Message
from contact_hub.tickets import Ticket
from tests import builders
from tests.browser.conftest import barriers
from tests.browser.signing_in import sign_in
from tests.servers import ValkeyServer

CUT = """() => [...document.querySelectorAll('.line-due, .line-age')]
  .filter((each) => each.scrollWidth > each.clientWidth).map((each) => each.textContent)"""


def arrives(**contact: object) -> str:
    """A contact came in, and the desks heard of it."""
    with live.change() as session:
        return builders.a_ticket(session, **contact).reference


def hears(desk: Page) -> None:
    """The desk is connected to the news."""
    expect(desk.locator("html")).to_have_attribute("data-news", "on")


def test_a_new_ticket_appears_without_reload_and_is_counted(desk: Page) -> None:
    desk.goto("/desk")
    hears(desk)
    desk.evaluate("window.stayed = true")
    arrives(subject="Is er vandaag markt?")
    expect(desk.get_by_role("link", name="Is er vandaag markt?")).to_be_visible()
    expect(desk.locator("#queue-onthaal .count")).to_have_text("1")
    assert desk.evaluate("window.stayed")


def test_news_of_queues_out_of_sight_never_reaches_the_browser(desk: Page) -> None:
    desk.goto("/desk")
    hears(desk)
    arrives(subject="Ik schrijf aan de ombudsman")
    arrives(subject="Dit mag iedereen zien")
    expect(desk.get_by_role("link", name="Dit mag iedereen zien")).to_be_visible()
    assert "ombudsman" not in desk.content()


def test_an_arrival_leaves_the_focus_where_it_was(desk: Page) -> None:
    desk.goto("/desk")
    arrives(subject="De eerste vraag")
    link = desk.get_by_role("link", name="De eerste vraag")
    expect(link).to_be_visible()
    link.focus()
    arrives(subject="De tweede vraag")
    expect(desk.get_by_role("link", name="De tweede vraag")).to_be_visible()
    expect(link).to_be_focused()


def test_a_half_written_answer_survives_what_arrives_and_a_reload(desk: Page, agent: Agent) -> None:
    reference = arrives()
    desk.goto(f"/tickets/{reference}")
    hears(desk)
    answer = desk.get_by_label("Your answer, by mail")
    answer.fill("Beste, wij kijken")
    with live.change() as session:
        ticket = found(session, reference)
        note = Message(ticket_id=ticket.id, kind="note", channel="email", author_name="Bram", text="Pas op: al beantwoord")
        ticket.remark(note, agent)
    expect(desk.get_by_text("Pas op: al beantwoord")).to_be_visible()
    expect(answer).to_have_value("Beste, wij kijken")
    expect(answer).to_be_focused()
    desk.reload()
    expect(answer).to_have_value("Beste, wij kijken")
    desk.get_by_role("button", name="Send", exact=True).click()
    expect(desk.locator(".message-answer")).to_contain_text("Beste, wij kijken")
    expect(answer).to_have_value("")


def test_a_draft_that_the_server_has_after_it_made_the_next_page_stands_there_too(desk: Page) -> None:
    reference = arrives()
    desk.goto(f"/tickets/{reference}")
    made_before = desk.content()
    kept: list[str] = []
    desk.on("requestfinished", lambda request: kept.append(request.url) if request.method == "PUT" else None)

    def answer_late(route: Route) -> None:
        while not kept:
            desk.wait_for_timeout(10)
        route.fulfill(body=made_before, content_type="text/html")

    desk.route(f"**/tickets/{reference}", answer_late, times=1)
    desk.get_by_label("Your answer, by mail").fill("Beste, wij kijken")
    desk.reload()
    expect(desk.get_by_label("Your answer, by mail")).to_have_value("Beste, wij kijken")


def found(session: SessionType, reference: str) -> Ticket:
    ticket = tickets.find(session, reference, to_change=True)
    assert ticket
    return ticket


def test_a_person_half_put_right_survives_what_arrives_and_a_reload(desk: Page, agent: Agent) -> None:
    reference = arrives()
    desk.goto(f"/tickets/{reference}")
    hears(desk)
    desk.locator("#whose summary").click()
    desk.get_by_label("Asks on behalf of").fill("De school")
    desk.get_by_label("Language they like best").select_option("fr")
    with live.change() as session:
        ticket = found(session, reference)
        ticket.tags = ["gladheid"]
        ticket.record("marked", by=agent, changed={})
    expect(desk.locator("#ticket-side")).to_contain_text("gladheid")

    expect(desk.get_by_label("Asks on behalf of")).to_have_value("De school")
    expect(desk.get_by_label("Language they like best")).to_have_value("fr")
    desk.reload()
    expect(desk.locator("#whose-on-behalf-of")).to_have_value("De school")


def test_from_sign_in_to_resolved_by_keyboard_alone(desk: Page) -> None:
    desk.goto("/desk")
    desk.locator("#person-menu summary").press("Enter")
    desk.get_by_role("button", name="Sign out").press("Enter")
    desk.get_by_label("E-mail address").focus()
    with Session() as session:
        email = session.query(Agent).one().email
    reference = arrives(subject="Mag ik een tafel buiten zetten?")
    desk.keyboard.type(email)
    desk.keyboard.press("Tab")
    desk.keyboard.type(builders.PASSWORD)
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", level=1)).to_have_text("My queues")
    hears(desk)
    desk.keyboard.press("j")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Mag ik een tafel buiten zetten?")
    hears(desk)
    desk.keyboard.press("c")
    expect(desk.get_by_text("This ticket is yours.")).to_be_visible()
    hears(desk)
    desk.keyboard.press("r")
    expect(desk.get_by_label("Your answer, by mail")).to_be_focused()
    desk.keyboard.type("Dat mag, tot 22 uur.")
    desk.keyboard.press("Tab")
    desk.keyboard.type("resolve: Solved at first")
    desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")
    expect(desk.locator("#ticket-head .badge-resolved")).to_be_visible()
    with Session() as session:
        assert found(session, reference).outcome == "resolved_first_line"


def test_a_refusal_is_read_first_and_the_page_stays_live(desk: Page, agent: Agent) -> None:
    reference = arrives()
    desk.goto(f"/tickets/{reference}")
    desk.locator("#work-hand-overs summary").click()
    desk.get_by_label("To which queue?").select_option("groen")
    desk.locator("#work-hand-overs").get_by_label("Why?").fill(" ")
    desk.locator("#work-hand-overs").get_by_label("What did you promise the citizen?").fill("next week")
    desk.keyboard.press("Control+Enter")
    expect(desk.get_by_role("alert")).to_contain_text("Say why")
    expect(desk.get_by_role("alert")).to_be_focused()
    hears(desk)
    with live.change() as session:
        found(session, reference).claim(agent)
    expect(desk.get_by_text("Anna Claes took this ticket")).to_be_visible()
    expect(desk.get_by_label("To which queue?")).to_have_value("groen")


def test_how_late_a_ticket_is_stands_there_in_full_in_every_language(desk: Page, agent: Agent) -> None:
    late = [timedelta(minutes=45), timedelta(hours=23), timedelta(days=6), timedelta(weeks=4), timedelta(days=330)]
    with live.change() as session:
        for span in late:
            builders.a_ticket(session).due_at = now() - span
    for language in ("en", "nl", "fr", "de"):
        with Session.begin() as session:
            session.get_one(Agent, agent.id).language = language
        desk.goto("/desk/inbox?view=overdue")
        expect(desk.locator(".line-due")).to_have_count(len(late))
        for density, width in product(("comfortable", "compact"), (1280, 390)):
            desk.set_viewport_size({"width": width, "height": 844})
            desk.evaluate("density => document.documentElement.dataset.density = density", density)
            assert desk.evaluate(CUT) == [], (language, density, width)


def test_keys_of_one_letter_can_be_put_off(desk: Page) -> None:
    desk.goto("/desk")
    arrives(subject="Een vraag")
    desk.locator("#person-menu summary").click()
    desk.get_by_role("button", name="Keys off").click()
    expect(desk.get_by_role("link", name="Een vraag")).to_be_visible()
    hears(desk)
    desk.keyboard.press("j")
    expect(desk.get_by_role("link", name="Een vraag")).not_to_be_focused()


def test_the_first_key_leads_past_the_navigation(desk: Page) -> None:
    desk.goto("/desk")
    desk.keyboard.press("Tab")
    expect(desk.get_by_role("link", name="Skip to the content")).to_be_focused()
    desk.keyboard.press("Enter")
    expect(desk.locator("#main")).to_be_focused()


def test_a_desk_that_lost_the_news_says_so_and_catches_up(desk: Page) -> None:
    desk.goto("/desk")
    hears(desk)
    desk.context.set_offline(True)
    expect(desk.get_by_text("Offline: what you see may be old")).to_be_visible()
    arrives(subject="Gemist onderweg")
    desk.context.set_offline(False)
    expect(desk.get_by_role("link", name="Gemist onderweg")).to_be_visible(timeout=20_000)
    expect(desk.get_by_text("Offline: what you see may be old")).to_be_hidden()


def test_without_the_news_server_the_desk_still_works(desk: Page, valkey: ValkeyServer) -> None:
    desk.goto("/desk")
    hears(desk)
    valkey.stop()
    reference = arrives(subject="Ook zonder nieuws")
    desk.reload()
    desk.get_by_role("link", name="Ook zonder nieuws").click()
    desk.get_by_role("button", name="Take it").click()
    expect(desk.get_by_text("This ticket is yours.")).to_be_visible()
    with Session() as session:
        assert found(session, reference).status == "open"


def test_a_colleague_is_called_in_by_typing_a_part_of_the_name(desk: Page) -> None:
    with Session.begin() as session:
        builders.an_agent(session, "agent", "onthaal", name="Zoé Wouters")
    reference = arrives()
    desk.goto(f"/tickets/{reference}")
    hears(desk)
    desk.keyboard.press("n")
    desk.keyboard.type("Weet jij dit, @zoe")
    expect(desk.locator("#note-text-offered").get_by_role("option", name="Zoé Wouters")).to_be_visible()
    desk.keyboard.press("Enter")
    expect(desk.get_by_label("Note", exact=True)).to_have_value("Weet jij dit, @Zoé Wouters ")
    desk.keyboard.press("Control+Enter")
    expect(desk.get_by_text("Called in: Zoé Wouters")).to_be_visible()


def test_a_ticket_is_merged_into_one_that_is_shown_first_and_parted_again_by_keyboard(desk: Page) -> None:
    reference = arrives(subject="Een lamp")
    other = arrives(subject="Dezelfde lamp", sender="jan@example.org", sender_name="Jan Claes")
    desk.goto(f"/tickets/{reference}")
    desk.keyboard.press("y")
    desk.keyboard.type(other)
    expect(desk.locator("#together-found")).to_contain_text("Dezelfde lamp")
    desk.keyboard.press("Tab")  # through the ticket that was found
    desk.keyboard.press("Tab")
    desk.keyboard.press("Space")
    expect(desk.get_by_label("They belong together all the same")).to_be_checked()
    desk.get_by_role("button", name="Merge into that ticket").press("Enter")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Dezelfde lamp")
    desk.keyboard.press("f")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Een lamp")
    expect(desk.get_by_text("A ticket of its own again.")).to_be_visible()


def test_several_tickets_are_ticked_by_keyboard_handed_over_and_taken_back(desk: Page) -> None:
    desk.goto("/desk")
    for subject in ("De eerste put", "De tweede put", "De derde put"):
        arrives(subject=subject)
    expect(desk.locator(".line-link")).to_have_count(3)
    hears(desk)
    first_line = "document.querySelector('li.line').getBoundingClientRect().toJSON()"
    before = desk.evaluate(first_line)
    for key in ("j", "Shift+J"):
        desk.keyboard.press(key)
    expect(desk.get_by_text("2 ticked")).to_be_visible()
    assert desk.evaluate(first_line) == before, "no line moves under the hand"
    arrives(subject="De vierde put")
    expect(desk.locator(".line-link")).to_have_count(4)
    expect(desk.locator(".line-tick:checked")).to_have_count(2)
    bar = desk.locator("#bulk")
    bar.get_by_text("Hand over").first.click()
    bar.get_by_label("To which queue?").select_option("groen")
    bar.get_by_label("Why?").fill("Hun werk")
    bar.get_by_label("What did you promise the citizen?").fill("deze week")
    bar.get_by_role("button", name="Hand over").click()
    expect(desk.get_by_text("2 tickets done.")).to_be_visible()
    assert barriers(desk) == []
    desk.get_by_role("button", name="Undo").click()
    expect(desk.get_by_text("2 tickets are as they were.")).to_be_visible()
    desk.get_by_role("link", name="Back to the list").click()
    desk.locator(".line-tick").first.check()
    assert barriers(desk) == []


def test_a_list_follows_line_by_line_around_ticks_focus_and_what_is_begun(desk: Page, chromium: Browser, hub: str) -> None:
    with Session.begin() as session:
        bram = builders.an_agent(session, "agent", "onthaal", name="Bram Maes")
    first, second, third = (arrives(subject=f"De {each} put") for each in ("eerste", "tweede", "derde"))
    desk.goto("/desk/inbox?view=unassigned&sort=oldest")
    hears(desk)
    other = chromium.new_context(base_url=hub).new_page()
    sign_in(other, bram)
    for key in "jjs":
        desk.keyboard.press(key)
    bar = desk.locator("#bulk")
    bar.get_by_text("Hand over").first.click()
    bar.get_by_label("Why?").fill("Hun werk")
    desk.locator(f"#line-{second}").focus()
    desk.evaluate("window.list = document.querySelector('.tickets'); window.line = document.querySelectorAll('.line')[2]")

    with live.change() as session:
        live.note(session, found(session, third).news("delivery"))  # of which its line says nothing
    fourth = arrives(subject="De vierde put")
    other.goto(f"/tickets/{first}")
    other.locator("#do-claim").click()

    expect(desk.locator(".line-reference")).to_have_text([second, third, fourth])
    expect(desk.locator("#view-mine")).to_be_visible()
    assert desk.evaluate("list.isConnected && line === document.querySelectorAll('.line')[1]")
    expect(desk.locator(".line-tick:checked")).to_have_value(second)
    expect(desk.locator(f"#line-{second}")).to_be_focused()
    expect(bar.get_by_label("Why?")).to_have_value("Hun werk")

    other.goto(f"/tickets/{second}")
    other.locator("#do-claim").click()
    expect(desk.locator(".line-reference")).to_have_text([third, fourth])
    expect(desk.locator(f"#line-{third}")).to_be_focused()
    expect(desk.get_by_text("0 ticked")).to_be_attached()

    desk.goto("/desk/inbox?view=open")
    hears(desk)
    desk.locator(f"[data-ticket='{third}']").hover()
    desk.evaluate("window.list = document.querySelector('.tickets')")
    other.goto(f"/tickets/{third}")
    other.locator("#do-claim").click()
    expect(desk.locator(f"[data-ticket='{third}'] .line-owner")).to_contain_text("Bram Maes")
    assert desk.evaluate("list.isConnected")
    other.context.close()


def test_who_else_looks_and_writes_is_shown_on_the_ticket_and_on_the_list(desk: Page, chromium: Browser, hub: str) -> None:
    with Session.begin() as session:
        bram = builders.an_agent(session, "agent", "onthaal", name="Bram Maes")
        bram.language = "en"
    reference = arrives(subject="De brug")
    other = chromium.new_context(base_url=hub).new_page()
    sign_in(other, bram)
    desk.goto("/desk/inbox")
    hears(desk)
    other.goto(f"/tickets/{reference}")
    expect(desk.locator(f'[data-presence="{reference}"]')).to_have_attribute("title", "Bram Maes")
    desk.goto(f"/tickets/{reference}")
    expect(desk.get_by_text("Bram Maes has this open too")).to_be_visible()
    expect(other.get_by_text("Anna Claes has this open too")).to_be_visible()
    other.get_by_label("Your answer, by mail").press_sequentially("Ik kijk")
    expect(desk.get_by_text("Bram Maes is writing")).to_be_visible()
    assert barriers(desk) == []
    other.context.close()
    expect(desk.locator("#presence")).to_be_hidden()


def test_a_saved_list_is_counted_and_thrown_away_where_it_stands(desk: Page) -> None:
    arrives()
    desk.route_web_socket("**/socket.io/**", lambda _silent: None)  # so that no news has the page look again
    desk.goto("/desk/inbox?view=open&priority=normal")
    desk.locator("#saving summary").click()
    desk.locator("#saving-name").fill("Tents")
    desk.keyboard.press("Enter")
    expect(desk.locator("[id^=saved-] .count")).to_be_visible()  # fetched once the page is there
    desk.locator(".saved-change summary").click()
    desk.get_by_role("button", name="Throw away").click()
    expect(desk.get_by_text("Changed.")).to_be_visible()
    expect(desk.get_by_role("link", name="Tents")).to_have_count(0)


def test_a_hand_over_that_takes_the_ticket_out_of_sight_says_so_however_soon_its_news_comes(
    context: BrowserContext, hub: str
) -> None:
    with live.change() as session:
        bert = builders.an_agent(session, "back_office", "wegen", name="Bert Maes")
        bert.language = "en"
        ticket = builders.a_ticket(session, subject="De brug")
        by = builders.an_agent(session, "agent", "onthaal", name="Anna Claes")
        ticket.hand_over(to=builders.queue(session, "wegen"), by=by, because="Hun brug", promise="Deze week")
        reference = ticket.reference
    page = context.new_page()
    sign_in(page, bert)
    page.goto(f"/tickets/{reference}")
    hears(page)
    work = page.locator("#work-returns")
    work.locator("summary").click()
    work.locator("textarea").fill("Die is van het gewest")
    answered: list[tuple[Route, APIResponse]] = []
    page.route("**/returns", lambda route: answered.append((route, route.fetch())))
    with page.expect_response(lambda response: response.status == 404):  # the news was first
        work.locator("button").last.click(no_wait_after=True)
    route, answer = answered[0]
    route.fulfill(response=answer)
    expect(page.get_by_role("heading", name="Now with")).to_be_visible()
    page.wait_for_function("!Object.keys(sessionStorage).some((each) => each.startsWith('draft'))")  # that was sent
