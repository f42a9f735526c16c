"""A part of a page that can't be had says so where it was asked for; a form that reaches nobody keeps what was typed."""

from playwright.sync_api import Page, Route, expect

from contact_hub.database import Session
from tests import builders


def test_what_fails_is_told_in_its_place_and_nothing_typed_is_lost(desk: Page) -> None:
    with Session.begin() as session:
        reference = builders.a_ticket(session, message="een pothole naast de boom").reference
    desk.goto(f"/tickets/{reference}/why")
    desk.route("**/why?rule=*", lambda route: _only_parts(route))
    desk.get_by_label("Rule", exact=True).select_option("trees")
    expect(desk.get_by_role("alert")).to_contain_text("The hub cannot be reached")
    desk.unroute("**/why?rule=*")
    desk.get_by_label("Rule", exact=True).select_option("taxes")
    expect(desk.locator(".tree")).to_be_visible()
    expect(desk.get_by_role("alert")).to_have_count(0)

    desk.goto(f"/tickets/{reference}")
    desk.keyboard.press("n")
    desk.get_by_label("Note", exact=True).fill("Een notitie")
    desk.context.set_offline(True)
    desk.get_by_role("button", name="Keep the note").click()
    expect(desk.get_by_role("alert")).to_contain_text("what you typed is still here")
    desk.context.set_offline(False)
    desk.get_by_role("button", name="Keep the note").click()
    expect(desk.locator("#conversation")).to_contain_text("Een notitie")


def _only_parts(route: Route) -> None:
    if "hx-request" in route.request.headers:
        route.fulfill(status=502, body="<h1>Bad Gateway</h1>")
    else:
        route.continue_()
