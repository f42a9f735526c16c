"""Everybody can use every page: axe-core finds no barrier, nothing is wider than its window, the keyboard gets through.

The pages are those of the map of addresses, so that no new one is left out.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from werkzeug.routing import Rule

from channels.email.reading import read_mail
from contact_hub import answer_templates, bulk, drafts, editions, intake, live
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
        "files.pages",
        "phone.waiting",
        "search.values",
    ),  # parts of a page, or a letter of somebody else's
    *(
        "desk.start",
        "ticket.find",
        "web_form.index",
        "phone.logged",
        "web_form.receipt",
    ),  # lead elsewhere, or stand after what was done
    *("styleguide.page", "chat.town"),  # of the demo
}
REFUSED = {"/nowhere": 404, "/sign-in/password/made-up": 410}
BEHIND = "from=2026-11-23&to=2026-11-23&part=counted"
MODES = (  # colours, contrast, density, width, height: the last is what 1280 by 800 leaves at 200 %
    ("light", "no-preference", "comfortable", 1280, 800),
    ("dark", "no-preference", "compact", 390, 844),
    ("dark", "more", "comfortable", 640, 400),
)
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
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
        for subject in ("gevaar op straat", "een vraag " * 20, "belasting"):
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
def wide_open(chromium: Browser, hub: str, lies: Agent, everything: dict[str, object]) -> Iterator[Page]:
    """A browser of an administrator, in which tests may look at pages with a script of their own."""
    context = chromium.new_context(base_url=hub, reduced_motion="reduce", bypass_csp=True, locale="en-GB")
    page = context.new_page()
    sign_in(page, lies)
    yield page
    context.close()


def addresses(everything: dict[str, object]) -> list[str]:
    """Every page, once."""
    app = create_app(settings_for("sqlite://", "memory://"))
    rules = sorted((rule for rule in app.url_map.iter_rules() if is_page(rule)), key=lambda rule: rule.rule)
    with app.test_request_context():
        found = [app.url_for(rule.endpoint, **{name: everything[name] for name in rule.arguments}) for rule in rules]  # type: ignore[arg-type]
    return [f"{each}?{BEHIND}" if each.endswith("/tickets") else each for each in found] + ["/nowhere", "/desk/inbox?view=open"]


def is_page(rule: Rule) -> bool:
    is_read = "GET" in (rule.methods or ())
    return is_read and rule.endpoint not in NOT_PAGES and not rule.rule.startswith(("/api", "/open311"))


def put_in(page: Page, mode: tuple[str, str, str, int, int]) -> None:
    colours, contrast, density, width, height = mode
    page.emulate_media(color_scheme=colours, contrast=contrast)  # type: ignore[arg-type]
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate("(density) => { document.documentElement.dataset.density = density; }", density)


def barriers_on(page: Page) -> list[str]:
    found = page.evaluate("async (tags) => (await axe.run({runOnly: {type: 'tag', values: tags}})).violations", STANDARDS)
    return [f"{rule['id']}: {node['html'][:160]} {node['failureSummary'][:300]}" for rule in found for node in rule["nodes"]]


def test_nothing_stands_in_anybodys_way_on_any_page(wide_open: Page, everything: dict[str, object]) -> None:
    wrong = []
    for address in addresses(everything):
        answer = wide_open.goto(address)
        assert answer, address
        if answer.status != REFUSED.get(address, 200):
            wrong.append(f"{address} answers {answer.status}")
        wide_open.add_script_tag(path=AXE)
        for mode in MODES:
            put_in(wide_open, mode)
            wrong += [f"{address} {mode}: {barrier}" for barrier in barriers_on(wide_open)]
            if (overflow := wide_open.evaluate(TOO_WIDE)) > 0:
                wrong.append(f"{address} {mode}: {overflow} px too wide")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "address", ["/desk/inbox?view=open", "/tickets/{reference}", "/calls/new", "/figures", "/admin/people"]
)
def test_the_keyboard_gets_through_and_one_sees_where_it_is(
    wide_open: Page, everything: dict[str, object], address: str
) -> None:
    wide_open.set_viewport_size({"width": 1280, "height": 800})
    wide_open.goto(address.format(**everything))
    seen: list[str] = []
    for _ in range(250):
        wide_open.keyboard.press("Tab")
        at = wide_open.evaluate(AT)
        if at is None or at["id"] in seen[:1]:
            break
        seen.append(at["id"])
        assert at["ringed"], f"nobody sees that the focus is at {at['name']}"
        assert at["inside"], f"out of sight: {at['name']}"
        assert at["open"], f"covered by something: {at['name']}"
    assert 5 < len(seen) < 250
