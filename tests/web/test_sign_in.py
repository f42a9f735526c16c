"""Who gets in, and what the pages promise to those who don't."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from contact_hub.database import Session, now
from contact_hub.sign_ins import WrongSignIn
from tests import builders
from tests.web.conftest import Desk, SignIn

pytestmark = pytest.mark.either_database


def test_without_signing_in_every_page_of_the_desk_leads_to_the_sign_in_and_back(visitor: Desk) -> None:
    answer = visitor.client.get("/desk/inbox?queue=onthaal")
    assert answer.status_code == 302
    assert answer.location == "/sign-in?next=/desk/inbox?queue%3Donthaal"


def test_a_wrong_password_is_refused_in_words_and_the_address_stays(visitor: Desk) -> None:
    answer = visitor.post("/sign-in", email="nobody@lindervelde.example", password="guess")
    assert answer.status_code == 422
    assert "nobody@lindervelde.example" in answer.text


def test_the_sign_in_never_leads_to_another_site(sign_in: SignIn) -> None:
    desk = sign_in("agent", "onthaal")
    assert desk.agent
    for elsewhere in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"):
        answer = desk.post("/sign-in", email=desk.agent.email, password=builders.PASSWORD, next=elsewhere)
        assert answer.location == "/desk"


@pytest.mark.parametrize(
    ("role", "queues", "first"),
    [
        ("administrator", (), "/admin/people"),
        ("administrator", ("onthaal",), "/desk/inbox"),
        ("supervisor", (), "/desk/inbox"),
        ("agent", ("onthaal",), "/desk/inbox"),
    ],
)
def test_the_day_begins_where_somebody_works(sign_in: SignIn, role: str, queues: tuple[str, ...], first: str) -> None:
    assert sign_in(role, *queues).client.get("/desk").location == first


def test_signing_out_closes_the_desk(sign_in: SignIn) -> None:
    desk = sign_in("agent", "onthaal")
    desk.post("/sign-out")
    assert desk.client.get("/desk/inbox").status_code == 302


def test_a_form_without_its_token_changes_nothing(visitor: Desk) -> None:
    assert visitor.client.post("/sign-in", data={"email": "a", "password": "b"}).status_code == 400


def test_whoever_tries_too_often_has_to_wait(visitor: Desk) -> None:
    with Session.begin() as session:
        known = [builders.an_agent(session).email for _ in range(11)]  # whose passwords are looked at in no time
    codes = {visitor.post("/sign-in", email=each, password="guess").status_code for each in known}
    assert codes == {422, 429}


def wrong(visitor: Desk, email: str, times: int) -> None:
    for _ in range(times):
        assert visitor.post("/sign-in", email=email, password="guess").status_code == 422


@pytest.mark.parametrize("known", [True, False])
def test_an_address_is_locked_after_five_wrong_passwords_known_or_not(sign_in: SignIn, visitor: Desk, known: bool) -> None:
    anna = sign_in("agent", "onthaal").agent
    assert anna
    email = anna.email if known else "nobody@lindervelde.example"
    wrong(visitor, email, 5)
    locked = visitor.post("/sign-in", email=f" {email.upper()}", password=builders.PASSWORD)
    assert locked.status_code == 429
    assert "Te veel foute wachtwoorden voor dit adres. Probeer opnieuw na" in locked.text
    with Session.begin() as session:
        session.execute(update(WrongSignIn).values(at=now() - timedelta(minutes=16)))
    later = visitor.post("/sign-in", email=email, password=builders.PASSWORD)
    assert later.status_code == (303 if known else 422)


def test_who_gets_in_begins_anew(sign_in: SignIn, visitor: Desk) -> None:
    anna = sign_in("agent", "onthaal").agent
    assert anna
    wrong(visitor, anna.email, 4)
    assert visitor.post("/sign-in", email=anna.email, password=builders.PASSWORD).status_code == 303
    wrong(Desk(visitor.client.application.test_client()), anna.email, 4)


def test_a_desk_whose_agent_is_signed_out_hears_that_instead_of_a_sign_in_page(visitor: Desk) -> None:
    assert visitor.client.get("/desk/inbox", headers={"HX-Request": "true"}).status_code == 401


@pytest.mark.parametrize("path", ["/sign-in", "/nowhere"])
def test_every_answer_forbids_foreign_scripts_frames_and_guesses(visitor: Desk, path: str) -> None:
    headers = visitor.client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"


def test_the_page_speaks_the_language_that_was_chosen(visitor: Desk) -> None:
    visitor.post("/language", language="fr", next="/sign-in")
    assert '<html lang="fr"' in visitor.page("/sign-in")


def test_an_agent_keeps_the_chosen_language_on_another_machine(sign_in: SignIn) -> None:
    desk = sign_in("agent", "onthaal")
    desk.post("/language", language="de", next="/desk")
    assert desk.agent
    other = Desk(desk.client.application.test_client())
    other.post("/sign-in", email=desk.agent.email, password=builders.PASSWORD)
    assert '<html lang="de"' in other.page("/desk/inbox")
