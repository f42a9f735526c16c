"""What could not be read is listed with its reason and its original, tried again, and settled by a person."""

import pytest
from sqlalchemy import select

from contact_hub import intake, live
from contact_hub.arrivals import SetAside, TakenContact
from contact_hub.database import reading
from contact_hub.intake import Unreadable
from tests.builders import MONDAY
from tests.web.conftest import Desk, SignIn

BROKEN = b"\xff<script>alert(1)</script>"
READABLE = b"From: Roos <roos@example.org>\r\nMessage-ID: <1@example.org>\r\nSubject: Een vraag\r\n\r\nMag ik iets vragen?\r\n"


@pytest.fixture
def supervisor(sign_in: SignIn) -> Desk:
    return sign_in("supervisor", name="Sofie Janssens")


def set_aside(raw: bytes = BROKEN, *, times: int = 1, reason: str = "the parser gave up: ValueError") -> None:
    things = [Unreadable("email", f"broken-{number}", MONDAY, reason, raw, "message/rfc822") for number in range(times)]
    intake.receive([], things, channel="email")


def test_it_is_listed_with_its_reason_and_its_original(supervisor: Desk) -> None:
    set_aside()

    assert "the parser gave up: ValueError" in supervisor.page("/set-aside")
    assert 'href="/set-aside"' in supervisor.page("/counts")
    answer = supervisor.get("/set-aside/1/original")
    assert answer.data == BROKEN
    assert answer.headers["Content-Disposition"] == 'attachment; filename="set-aside-1.eml"'
    assert answer.mimetype == "application/octet-stream"


def test_an_original_is_for_supervisors_alone(sign_in: SignIn) -> None:
    set_aside()

    assert sign_in().get("/set-aside/1/original").status_code == 403
    administrator = sign_in("administrator")
    assert administrator.get("/set-aside/1/original").status_code == 403
    assert "/set-aside/1/original" not in administrator.page("/set-aside")
    assert sign_in("supervisor").get("/set-aside/2/original").status_code == 404
    assert sign_in("supervisor").get("/set-aside/99999999999999999999/original").status_code == 404


def test_all_of_it_is_tried_again_by_a_worker(supervisor: Desk, news: live.Silence) -> None:
    set_aside()
    supervisor.post("/set-aside/again")
    assert "try_set_aside" in news.woken


def test_one_is_tried_again_at_once_and_it_is_said_what_came_of_it(supervisor: Desk) -> None:
    set_aside(READABLE)
    supervisor.post("/set-aside/1/again")
    assert "could be read this time" in supervisor.page("/set-aside")
    assert "it could be read at last" in supervisor.page("/set-aside?settled=1")
    with reading() as session:
        assert [contact.subject for contact in session.scalars(select(TakenContact))] == ["Een vraag"]


def test_what_still_cannot_be_read_stays_with_the_reason_of_this_try(supervisor: Desk) -> None:
    set_aside(reason="a reason of former days")
    supervisor.post("/set-aside/1/again")
    page = supervisor.page("/set-aside")
    assert "still can&#39;t be read" in page
    assert "a reason of former days" not in page


def test_it_is_settled_by_hand_with_a_reason_and_put_back(supervisor: Desk) -> None:
    set_aside()
    supervisor.post("/set-aside/1/settle", because="")
    assert "the parser gave up" in supervisor.page("/set-aside")
    supervisor.post("/set-aside/1/settle", because="an advertisement")
    assert "Nothing is set aside" in supervisor.page("/set-aside")
    settled = supervisor.page("/set-aside?settled=1")
    assert "an advertisement" in settled
    assert "Sofie Janssens" in settled
    supervisor.post("/set-aside/1/back")
    with reading() as session:
        assert session.get_one(SetAside, 1).settled_at is None


def test_a_long_list_comes_page_by_page(supervisor: Desk) -> None:
    set_aside(times=51)
    assert 'id="pager-next"' in supervisor.page("/set-aside")
    assert 'id="pager-first"' in supervisor.page("/set-aside?before=2")


@pytest.mark.parametrize("action", ["again", "1/again", "1/settle", "1/back"])
def test_agents_change_nothing_of_it(sign_in: SignIn, news: live.Silence, action: str) -> None:
    set_aside()
    assert sign_in().post(f"/set-aside/{action}", because="no").status_code == 403
    assert not news.woken
