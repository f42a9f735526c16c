"""Everybody can use every page: axe-core finds no barrier, nothing is wider than its window, the keyboard gets through,
and the browser has nothing to complain of.

The pages are those of the map of addresses, so that no new one is left out.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from operator import add
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect
from sqlalchemy import text
from werkzeug.routing import Rule

from channels.email.reading import read_mail
from channels.web_form.tokens import sign_receipt
from contact_hub import answer_templates, bulk, drafts, editions, intake, live, tickets
from contact_hub.agents import Agent
from contact_hub.answer_templates import AnswerTemplate
from contact_hub.app import create_app
from contact_hub.contact import Attachment
from contact_hub.database import Session
from contact_hub.intake import Unreadable
from contact_hub.mailboxes import Mailbox
from contact_hub.messages import Message
from tests import builders
from tests.application import settings_for
from tests.browser.conftest import AXE, STANDARDS
from tests.browser.signing_in import sign_in
from tests.web.serving import serving

EMAILS = Path(__file__).parents[1] / "emails"
NOT_PAGES = {
    *(
        "static",
        "health.live",
        "health.ready",
        "metrics.page",
        "desk.places",
        "sign_in.here",
        "by_provider.go",
        "by_provider.back",
    ),
    *("figures.download", "rules.file", "set_aside.original", "files.attachment", "files.page", "mail_view.original"),
    *(
        "mail_view.body",
        "bulk.choices",
        "desk.counts",
        "desk.narrowing",
        "files.pages",
        "phone.waiting",
        "search.values",
        "together.look_up",
    ),  # parts of a page, or a letter of somebody else's
    *(
        "desk.start",
        "ticket.find",
        "web_form.index",
        "phone.logged",
    ),  # lead elsewhere, or stand after what was done
    "chat.fetch",  # a file of a chat
}
REFUSED = {"/nowhere": 404, "/sign-in/password/made-up": 410}
BEHIND = "from=2026-11-23&to=2026-11-23&part=counted"
MODES = (  # colours, contrast, density, width, height: the last is what 1280 by 800 leaves at 200 %
    ("light", "no-preference", "comfortable", 1280, 800),
    ("dark", "no-preference", "compact", 390, 844),
    ("dark", "more", "comfortable", 640, 400),
)
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
VIOLATIONS = """async (runOnly) => {
  const asked = { iframes: false, preload: false, resultTypes: ["violations"], runOnly };
  return (await axe.run(asked)).violations;
}"""
ALL = {"type": "tag", "values": STANDARDS}
# Narrow is narrow: at 200 % a page reads as it does on a telephone, and only what is seen of it may differ.
SEEN = {"type": "rule", "values": ["color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable"]}
AT = """() => {
  const each = document.activeElement, box = each.getBoundingClientRect();
  if (each === document.body) return null;
  const outlined = (one, part) => getComputedStyle(one, part).outlineStyle !== 'none';
  const within = (at, most) => Math.min(Math.max(at, 1), most - 1);
  const middle = [within(box.left + box.width / 2, innerWidth), within(box.top + box.height / 2, innerHeight)];
  const hit = document.elementFromPoint(...middle);
  return {
    name: each.outerHTML.slice(0, 120),
    id: each.id || each.outerHTML,
    ringed: outlined(each) || outlined(each.parentElement) || outlined(each, '::after'),
    inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    open: Boolean(hit && (each.contains(hit) || hit.contains(each) || hit.closest('li, label')?.contains(each))),
  };
}"""


@pytest.fixture
def hub(sqlite_url: str, redis_url: str) -> Iterator[str]:
    """With the pages of the demo."""
    with serving(sqlite_url, redis_url, demo=True) as address:
        yield address


@pytest.fixture
def lies(hub: str) -> Agent:
    """Of the administrators, who reads English."""
    with Session.begin() as session:
        lies = builders.an_agent(session, "administrator", "onthaal", name="Lies Adams")
        lies.language = "en"
    return lies


@pytest.fixture
def everything(lies: Agent) -> dict[str, object]:
    """Something on every page; gives what stands in the addresses, by the name of the place."""
    with Session.begin() as session:
        drafts.begin(session, session.get_one(editions.Edition, 1), by="test", name="a draft")
        template = AnswerTemplate()
        session.add(template)
        answer_templates.keep(session, template, name="Later", queue="", texts={"nl": "Wij antwoorden later."}, by=lies)
        session.add(Mailbox(name="info@lindervelde.example/INBOX", seen_at=builders.MONDAY))
    intake.receive(
        [], [Unreadable("email", "broken", builders.MONDAY, "ValueError", b"\xff", "message/rfc822")], channel="email"
    )
    with live.change() as session:
        for subject in ("een vraag " * 20, "gevaar op straat", "belasting"):
            builders.a_ticket(session, subject=subject, received=builders.MONDAY)
        letter = read_mail((EMAILS / "answer_outlook_nl.eml").read_bytes(), builders.MONDAY)
        ticket = intake.take_in(session, [letter])[0].ticket
        done = bulk.begin(session, "tag", {"add": ["dringend"]}, [ticket.id], by=lies)
        session.flush()
        message = session.query(Message.id).filter_by(ticket_id=ticket.id, kind="said").one()[0]
        number, reference = done.id, ticket.reference
    bulk.proceed(number)
    with live.change() as session:
        file = Attachment("plan.pdf", "application/pdf", b"%PDF")
        fields = {"straat": "Molenweg"}
        builders.a_ticket(session, subject="pothole", attachments=(file,), fields=fields, channel="webform", form="melding")
    places = {"reference": reference, "message": message, "number": 1, "form_id": "street", "rule": "potholes"}
    return places | {"name": "flr", "token": "made-up", "queue_id": "wegen", "calendar_id": "office"}


@pytest.fixture
def heard() -> list[str]:
    """What the browser complained of, but for a whole page that it was refused."""
    return []


@pytest.fixture
def administrator(chromium: Browser, hub: str, lies: Agent, heard: list[str]) -> Iterator[Page]:
    """The page of a browser in which Lies is signed in."""
    with in_a_browser(chromium, hub, heard) as page:
        sign_in(page, lies)
        yield page


@pytest.fixture
def reception(chromium: Browser, hub: str, heard: list[str]) -> Iterator[Page]:
    """Of the first line, who does not see everything."""
    with Session.begin() as session:
        anna = builders.an_agent(session, "agent", "onthaal")
        anna.language = "en"
    with in_a_browser(chromium, hub, heard) as page:
        sign_in(page, anna)
        yield page


@contextmanager
def in_a_browser(chromium: Browser, hub: str, heard: list[str]) -> Iterator[Page]:
    context = chromium.new_context(base_url=hub, reduced_motion="reduce", locale="en-GB")
    page = context.new_page()

    visited = set()

    def visit(request: Request) -> None:
        if request.is_navigation_request() and request.frame == page.main_frame:
            visited.add(request.url)

    def hear(message: ConsoleMessage) -> None:
        is_refused = message.location["url"] in visited and message.text.startswith("Failed to load")
        if message.type in ("error", "warning") and not is_refused:
            heard.append(f"{page.url}: {message.text} ({message.location})")

    page.on("request", visit)
    page.on("console", hear)
    page.on("pageerror", lambda error: heard.append(f"{page.url}: {error}"))
    yield page
    context.close()


def addresses(everything: dict[str, object]) -> list[str]:
    """Every page, once."""
    app = create_app(settings_for("sqlite://", "memory://"))
    rules = sorted((rule for rule in app.url_map.iter_rules() if is_page(rule)), key=lambda rule: rule.rule)
    with app.test_request_context():
        found = [app.url_for(rule.endpoint, **{name: everything[name] for name in rule.arguments}) for rule in rules]  # type: ignore[arg-type]
        asked = {"/tickets": BEHIND, "/receipt": "r=" + sign_receipt({"reference": "26-000001-D", "mailed": True})}
    asking = [next((f"?{asked[end]}" for end in asked if each.endswith(end)), "") for each in found]
    return [*map(add, found, asking), "/nowhere", "/desk/inbox?view=open"]


def is_page(rule: Rule) -> bool:
    is_read = "GET" in (rule.methods or ())
    return is_read and rule.endpoint not in NOT_PAGES and not rule.rule.startswith(("/api", "/open311"))


def put_in(page: Page, mode: tuple[str, str, str, int, int]) -> None:
    colours, contrast, density, width, height = mode
    page.emulate_media(color_scheme=colours, contrast=contrast)  # type: ignore[arg-type]
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate("(density) => { document.documentElement.dataset.density = density; }", density)


def wrong_with(page: Page) -> list[str]:
    """What stands in somebody's way on the page as it is now, in every mode."""
    page.evaluate(AXE.read_text("utf-8"))
    wrong = []
    for mode in MODES:
        put_in(page, mode)
        for rule in page.evaluate(VIOLATIONS, SEEN if mode == MODES[-1] else ALL):
            nodes = [f"{node['html'][:160]} {node['failureSummary'][:300]}" for node in rule["nodes"]]
            wrong += [f"{page.url} {mode}: {rule['id']}: {node}" for node in nodes]
        if (overflow := page.evaluate(TOO_WIDE)) > 0:
            wrong.append(f"{page.url} {mode}: {overflow} px too wide")
    return wrong


@pytest.mark.timeout(300)
def test_nothing_stands_in_anybodys_way_on_any_page(
    administrator: Page, everything: dict[str, object], heard: list[str]
) -> None:
    wrong = []
    for address in addresses(everything):
        answer = administrator.goto(address)
        assert answer, address
        if answer.status != REFUSED.get(address, 200):
            wrong.append(f"{address} answers {answer.status}")
        wrong += wrong_with(administrator)
    administrator.goto("/account")
    administrator.get_by_role("button", name="Set it up").click()
    expect(administrator.locator("#factor-secret")).to_be_visible()
    wrong += wrong_with(administrator)
    assert not wrong + heard, "\n".join(wrong + heard)


def test_nor_where_one_sees_little_or_something_goes_wrong(reception: Page, heard: list[str]) -> None:
    with live.change() as session:
        theirs = builders.a_ticket(session, message="belasting").reference
        ours = builders.a_ticket(session, message="Een lang verhaal").reference
    reception.goto(f"/tickets/{theirs}")
    expect(reception.get_by_text("You see how it stands, so that you can tell the citizen")).to_be_visible()
    wrong = wrong_with(reception)

    reception.goto(f"/tickets/{ours}")
    reception.keyboard.press("n")
    reception.get_by_label("Note", exact=True).fill("Een notitie die niet verloren gaat")
    reception.evaluate("for (const each of document.querySelectorAll('[name=csrf_token]')) each.value = 'old'")
    reception.get_by_role("button", name="Keep the note").click()
    expect(reception.get_by_label("What you typed")).to_be_visible()
    wrong += wrong_with(reception)

    with live.change() as session:
        ticket = tickets.find(session, ours, to_change=True)
        assert ticket
        ticket.hand_over(to=builders.queue(session, "ombuds"), by=None, because="een klacht", promise="u hoort van ons")
    reception.goto(f"/tickets/{ours}")
    expect(reception.get_by_text("what was there when it left you")).to_be_visible()
    wrong += wrong_with(reception)

    reception.goto("/figures")
    expect(reception.get_by_text("This page is not for your account")).to_be_visible()
    wrong += wrong_with(reception)

    with Session.begin() as session:
        session.execute(text("ALTER TABLE agent RENAME TO gone"))
    reception.goto("/desk")
    expect(reception.get_by_text("Something went wrong on our side")).to_be_visible()
    wrong += wrong_with(reception)
    assert not wrong + heard, "\n".join(wrong + heard)


def test_nor_while_the_line_is_broken(reception: Page) -> None:
    reception.goto("/desk/inbox?view=open")
    expect(reception.locator("html")).to_have_attribute("data-news", "on")
    reception.context.set_offline(True)
    expect(reception.locator("#offline")).to_be_visible()
    assert not (wrong := wrong_with(reception)), "\n".join(wrong)


@pytest.mark.parametrize(
    "address", ["/desk/inbox?view=open", "/tickets/{reference}", "/calls/new", "/figures", "/admin/people"]
)
def test_the_keyboard_gets_through_and_one_sees_where_it_is(
    administrator: Page, everything: dict[str, object], address: str
) -> None:
    administrator.set_viewport_size({"width": 1280, "height": 800})
    administrator.goto(address.format(**everything))
    seen: list[str] = []
    for _ in range(250):
        administrator.keyboard.press("Tab")
        at = administrator.evaluate(AT)
        if at is None or at["id"] in seen[:1]:
            break
        seen.append(at["id"])
        assert at["ringed"], f"nobody sees that the focus is at {at['name']}"
        assert at["inside"], f"out of sight: {at['name']}"
        assert at["open"], f"covered by something: {at['name']}"
    assert 5 < len(seen) < 250
