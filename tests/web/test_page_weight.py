"""Pages are light: one stylesheet, the hub's own face, and what does not change is fetched once."""

import gzip
import random
import re
from urllib.parse import urlsplit

import pytest
from flask import Flask

from contact_hub.database import Session
from tests import builders
from tests.web.conftest import Desk, SignIn, the_ticket

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # a page weighs the same on both
GZIP = {"Accept-Encoding": "gzip, br"}
FIRST, LATER = 150_000, 30_000  # bytes of a page, compressed
ASSETS = re.compile(r'(?:href|src)="(/static/[^"#]+)')
FONTS = re.compile(r"url\(\W*(fonts/[^)\"]*latin-wght[^)\"]*)")


@pytest.fixture
def busy(app: Flask) -> str:
    """A desk on which a full page of tickets waits; gives the reference of one."""
    with Session.begin() as session:
        contacts = [builders.a_contact(subject=f"lantaarn {number}", message="pothole " * 40) for number in range(60)]
        return builders.some_tickets(session, *contacts)[0].reference


def assets(page: str) -> set[str]:
    return set(ASSETS.findall(page))


@pytest.mark.parametrize("path", ["/desk/inbox?view=open", "/tickets/{}", "/calls/new", "/figures", "/rules"])
def test_a_page_is_light_the_first_time_and_lighter_after(sign_in: SignIn, busy: str, path: str) -> None:
    desk = sign_in("supervisor", "onthaal")
    page = desk.page(path.format(busy))
    own = len(gzip.compress(page.encode()))
    sheet = next(address for address in assets(page) if ".css" in address)
    face = FONTS.findall(desk.page(sheet))[0]
    kept = [desk.get(address, headers=GZIP).data for address in assets(page)] + [desk.get(f"/static/built/{face}").data]

    assert own <= LATER
    assert own + sum(map(len, kept)) <= FIRST


def test_a_conversation_of_hundreds_is_as_light(sign_in: SignIn, busy: str) -> None:
    some = random.Random(1)
    with Session.begin() as session:
        colleague = builders.an_agent(session)
        for _ in range(300):
            said = " ".join(f"{some.getrandbits(30):x}" for _ in range(60))
            the_ticket(session, busy).answer(builders.an_answer(said), by=colleague)
    desk = sign_in("supervisor", "onthaal")
    folded, whole = (desk.get(f"/tickets/{busy}{shown}", headers=GZIP).data for shown in ("", "?all=1"))
    assert len(folded) <= LATER < len(whole)
    assert gzip.decompress(whole).decode().count("message-answer") == 300


def test_a_page_goes_out_compressed_and_its_length_tells_nothing(sign_in: SignIn, busy: str) -> None:
    desk = sign_in("supervisor", "onthaal")
    plain = desk.get("/account")
    small = [desk.get("/account", headers=GZIP) for _ in range(20)]
    assert "Content-Encoding" not in plain.headers
    assert {answer.headers["Content-Encoding"] for answer in small} == {"gzip"}
    assert all("Accept-Encoding" in answer.headers["Vary"] for answer in (plain, *small))
    assert "</html>" in gzip.decompress(small[0].data).decode()
    assert len({len(answer.data) for answer in small}) > 5


@pytest.mark.parametrize("path", ["/desk/inbox?view=open", "/figures", "/forms", "/sign-in", "/admin/people", "/nowhere"])
def test_every_page_has_the_one_stylesheet(sign_in: SignIn, path: str) -> None:
    page = sign_in("administrator", "onthaal").get(path).text
    assert re.findall(r'rel="stylesheet" href="([^"?]+)', page) == ["/static/built/desk.css"]


def test_what_is_asked_for_by_its_mark_is_kept_for_a_year(visitor: Desk) -> None:
    marked = assets(visitor.page("/sign-in"))
    assert marked
    for address in marked:
        assert "v=" in address
        assert "immutable" in visitor.get(address).headers["Cache-Control"]
        assert "immutable" not in visitor.get(urlsplit(address).path).headers["Cache-Control"]


@pytest.mark.parametrize("name", ["desk.js", "desk.css", "chat.js", "rules.js"])
def test_what_was_built_goes_out_compressed_where_the_browser_takes_it(visitor: Desk, name: str) -> None:
    plain = visitor.get(f"/static/built/{name}")
    small = visitor.get(f"/static/built/{name}", headers=GZIP)
    assert (plain.headers.get("Content-Encoding"), small.headers["Content-Encoding"]) == (None, "gzip")
    assert gzip.decompress(small.data) == plain.data
    assert small.content_length == len(small.data) < len(plain.data) / 2
    assert small.content_type == plain.content_type
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert "Accept-Encoding" in small.headers["Vary"]
    again = visitor.get(f"/static/built/{name}", headers={**GZIP, "If-None-Match": small.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    refused = visitor.get(f"/static/built/{name}", headers={"Accept-Encoding": "gzip;q=0"})
    assert refused.data == plain.data


def test_the_face_comes_from_the_hub_itself_and_is_kept(visitor: Desk) -> None:
    sheet = visitor.page("/static/built/desk.css")
    face = visitor.get(f"/static/built/{FONTS.findall(sheet)[0]}")
    assert face.data.startswith(b"wOF2")
    assert "immutable" in face.headers["Cache-Control"]
    assert "font-display:swap" in sheet
    assert not re.search(r"url\(\W*(https?:)?//", sheet)
    assert not re.search(r"@import", sheet)
