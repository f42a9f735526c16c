"""What one is led to stands clear of what stays in sight: the way back of an answer, the conversation, the fields of a menu."""

import pytest
from playwright.sync_api import BrowserContext, FloatRect, Locator, Page, expect

from contact_hub import live
from contact_hub.database import Session
from tests import builders
from tests.browser.signing_in import sign_in

SMALL = {"width": 1280, "height": 720}
TELEPHONE = {"width": 390, "height": 844}
TWICE_AS_LARGE = {"width": 640, "height": 400}
LONG = "\n".join(f"Regel {number}" for number in range(60))


@pytest.fixture
def reference(hub: str) -> str:
    with live.change() as session:
        return builders.a_ticket(session, sender="roos@example.org", message=LONG).reference


def is_on_top(part: Locator) -> bool:
    """Whether a press in its middle would reach it where it stands now."""
    script = """part => {
      const { x, y, width, height } = part.getBoundingClientRect();
      return part.contains(document.elementFromPoint(x + width / 2, y + height / 2));
    }"""
    return bool(part.evaluate(script))


@pytest.mark.parametrize("size", [SMALL, TELEPHONE], ids=["small", "telephone"])
def test_the_way_back_of_an_answer_is_in_sight(desk: Page, reference: str, size: dict[str, int]) -> None:
    desk.set_viewport_size(size)  # type: ignore[arg-type]
    desk.goto(f"/tickets/{reference}")
    desk.locator("#work-answers > summary").focus()
    if desk.locator("#work-answers[open]").count() == 0:
        desk.keyboard.press("Enter")
    desk.get_by_label("Your answer, by mail").fill("Dat kan.")
    desk.get_by_role("button", name="Send", exact=True).click()
    back = desk.locator("[id^=take-back]")
    expect(back).to_be_in_viewport()
    assert is_on_top(back)


def test_a_long_answer_leaves_its_button_and_the_other_verbs_in_sight(desk: Page, reference: str) -> None:
    desk.set_viewport_size(SMALL)  # type: ignore[arg-type]
    desk.goto(f"/tickets/{reference}")
    desk.get_by_label("Your answer, by mail").fill(LONG)
    assert is_on_top(desk.get_by_role("button", name="Send", exact=True))
    desk.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(desk.get_by_role("heading", name="Person")).to_be_in_viewport()
    for verb in desk.locator(".desk-work > details > summary").all():
        assert is_on_top(verb), verb.inner_text()


def test_on_a_telephone_a_draft_leaves_half_of_the_screen_to_the_conversation(desk: Page, reference: str) -> None:
    desk.goto(f"/tickets/{reference}")
    desk.get_by_label("Your answer, by mail").fill(LONG)
    expect(desk.get_by_text("Draft kept")).to_be_visible()
    desk.set_viewport_size(TELEPHONE)  # type: ignore[arg-type]
    desk.reload()
    answering = desk.locator("#work-answers > summary")
    expect(answering).to_contain_text("draft")
    box = desk.locator(".desk-work").bounding_box()
    assert box
    assert box["height"] <= TELEPHONE["height"] / 2
    answering.click()
    assert is_on_top(desk.get_by_role("button", name="Send", exact=True))
    expect(desk.get_by_label("Your answer, by mail")).to_have_value(LONG)
    box = desk.locator(".desk-work").bounding_box()
    assert box
    assert box["height"] <= TELEPHONE["height"] / 2


def test_a_menu_that_asks_something_has_the_focus_in_its_first_field(desk: Page, reference: str) -> None:
    desk.goto("/desk/inbox")
    desk.locator("#saving > summary").focus()
    desk.keyboard.press("Enter")
    expect(desk.locator("#saving-name")).to_be_focused()
    desk.keyboard.press("Escape")
    expect(desk.locator("#saving > summary")).to_be_focused()
    desk.locator(".line-tick").first.check()
    bar = desk.locator("#bulk")
    bar.get_by_text("Hand over").first.click()
    expect(bar.get_by_label("To which queue?")).to_be_focused()
    bar.locator("summary", has_text="Tags").click()
    expect(bar.get_by_label("Add")).to_be_focused()
    desk.locator("#person-menu > summary").click()
    expect(desk.locator("#person-menu > summary")).to_be_focused()


def test_a_line_one_walks_to_stands_clear_of_the_head_of_its_list_and_of_what_ticked_tickets_offer(
    desk: Page, reference: str
) -> None:
    with live.change() as session:
        for _ in range(30):
            builders.a_ticket(session)
    desk.set_viewport_size(SMALL)  # type: ignore[arg-type]
    desk.goto("/desk/inbox?view=open")
    desk.keyboard.press("j")
    desk.keyboard.press("s")
    for _ in range(28):
        desk.keyboard.press("j")
    head, bar, line = (box_of(desk, part) for part in (".list-head", "#bulk", ".line:has(:focus)"))
    assert line["y"] + line["height"] <= bar["y"]
    for _ in range(20):
        desk.keyboard.press("k")
    line = box_of(desk, ".line:has(:focus)")
    assert head["y"] + head["height"] <= line["y"]


def test_at_twice_the_size_nothing_covers_what_is_written_nor_what_a_field_is_called(desk: Page, reference: str) -> None:
    desk.set_viewport_size(TWICE_AS_LARGE)  # type: ignore[arg-type]
    desk.goto(f"/tickets/{reference}")
    desk.keyboard.press("r")
    assert is_on_top(desk.get_by_label("Your answer, by mail"))
    desk.goto(f"/tickets/{reference}")
    desk.keyboard.press("m")
    expect(desk.get_by_label("Topic")).to_be_focused()
    assert is_on_top(desk.locator("label[for=marks-topic]"))


def test_on_a_telephone_nothing_one_walks_back_to_hides_below_the_bar(context: BrowserContext) -> None:
    with Session.begin() as session:
        lies = builders.an_agent(session, "administrator", name="Lies Adams")
        lies.language = "en"
    page = context.new_page()
    sign_in(page, lies)
    page.set_viewport_size(TELEPHONE)  # type: ignore[arg-type]
    page.goto("/admin/queues")
    page.locator("main a").last.focus()
    bar = box_of(page, ".top")
    while page.locator("main a:focus").count():
        assert box_of(page, ":focus")["y"] >= bar["height"], page.locator(":focus").inner_text()
        page.keyboard.press("Shift+Tab")


def box_of(page: Page, part: str) -> FloatRect:
    """Where it stands; found and measured in one step, as news may put a new line in place of one meanwhile."""
    box: FloatRect | None = page.evaluate("part => document.querySelector(part)?.getBoundingClientRect().toJSON()", part)
    assert box, part
    return box


def test_the_page_stays_where_it_is_when_a_verb_is_opened_and_closed(desk: Page, reference: str) -> None:
    with live.change() as session:
        for _each in range(20):
            builders.a_ticket(session)
    desk.set_viewport_size(SMALL)  # type: ignore[arg-type]
    desk.goto("/desk/inbox?view=unassigned")
    desk.locator(".line-tick").first.check()
    for words in ("Hand over", "Tags"):
        desk.locator("#bulk summary", has_text=words).click()
        desk.keyboard.press("Escape")
        assert desk.evaluate("scrollY") == 0
    desk.goto(f"/tickets/{reference}")
    desk.keyboard.press("h")
    expect(desk.get_by_label("To which queue?")).to_be_focused()
    assert desk.evaluate("scrollY") == 0
