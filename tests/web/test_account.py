"""One's own account: sessions that end, a new password, and a second factor."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pyotp
import pytest
from flask import Flask

from contact_hub import agent_sessions, passwords, sign_ins
from contact_hub.agent_sessions import AgentSession
from contact_hub.agents import Agent
from contact_hub.database import Session, now
from contact_hub.passwords import SignInLink
from contact_hub.second_factor import SecondFactor
from contact_hub.settings import Settings, SettingsError, read
from contact_hub.web import browsers
from tests import builders
from tests.application import an_application
from tests.builders import PASSWORD
from tests.web.conftest import Desk

NEW = "three boats on the river"


def again(app: Flask, desk: Desk) -> Desk:
    """Another browser in which the same person signs in."""
    assert desk.agent
    other = Desk(app.test_client())
    other.agent = desk.agent
    assert other.post("/sign-in", email=desk.agent.email, password=PASSWORD).status_code == 303
    return other


def is_in(desk: Desk) -> bool:
    return desk.client.get("/desk/inbox").status_code == 200


def older(by: timedelta, *, seen: timedelta = timedelta()) -> None:
    with Session.begin() as session:
        for kept in session.query(AgentSession):
            kept.began_at, kept.seen_at = now() - by, now() - seen


@pytest.mark.parametrize(
    ("by", "seen", "stays"),
    [
        (timedelta(days=6), timedelta(hours=11), True),
        (timedelta(hours=13), timedelta(hours=12, minutes=1), False),
        (timedelta(days=7, minutes=1), timedelta(), False),
    ],
)
def test_a_session_ends_without_use_and_after_a_week(reception: Desk, by: timedelta, seen: timedelta, stays: bool) -> None:
    older(by, seen=seen)
    assert is_in(reception) is stays


def test_using_a_session_keeps_it(reception: Desk) -> None:
    older(timedelta(hours=11), seen=timedelta(hours=11))
    assert is_in(reception)
    with Session() as session:
        assert session.query(AgentSession).one().seen_at > now() - timedelta(minutes=1)


def test_signing_out_ends_the_session_for_a_stolen_cookie_too(reception: Desk, app: Flask) -> None:
    stolen = reception.client.get_cookie("contact_hub")
    assert stolen
    reception.post("/sign-out")
    thief = app.test_client()
    thief.set_cookie("contact_hub", stolen.value)

    assert thief.get("/desk/inbox").status_code == 302


@pytest.mark.either_database
def test_a_session_is_named_as_people_call_the_browser(reception: Desk) -> None:
    ours = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"
    safari = "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1"
    theirs = f"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) {safari}"
    for browser in (ours, theirs, "curl/8.5"):
        with Session.begin() as session:
            assert reception.agent
            agent_sessions.begin(session, reception.agent, browsers.known_as(browser))
    page = reception.page("/account")
    assert [name for name in ("Firefox on Windows", "Mobile Safari on iOS", "curl") if name not in page] == []


def test_somebody_signs_out_everywhere_else(reception: Desk, app: Flask) -> None:
    other = again(app, reception)
    assert reception.page("/account").count("since") == 2

    reception.post("/account/sessions/end")

    assert (is_in(reception), is_in(other)) == (True, False)


def test_a_new_password_takes_the_old_one_and_ends_the_other_sessions(reception: Desk, app: Flask) -> None:
    other = again(app, reception)
    reception.post("/account/password", now=PASSWORD, password=NEW)

    assert (is_in(reception), is_in(other)) == (True, False)
    assert reception.agent
    fresh = Desk(app.test_client())
    assert fresh.post("/sign-in", email=reception.agent.email, password=PASSWORD).status_code == 422
    assert fresh.post("/sign-in", email=reception.agent.email, password=NEW).status_code == 303


@pytest.mark.either_database
@pytest.mark.parametrize(
    ("known", "wanted", "said"),
    [
        ("wrong", NEW, "That is not your password of now."),
        (PASSWORD, "short", "A password has at least 12 characters."),
        (PASSWORD, "THE ADDRESS", "This is too easy to guess."),
    ],
)
def test_a_password_that_will_not_do_is_refused(reception: Desk, known: str, wanted: str, said: str) -> None:
    assert reception.agent
    wanted = wanted.replace("THE ADDRESS", reception.agent.email)
    answer = reception.post("/account/password", now=known, password=wanted)

    assert answer.status_code == 422
    assert said in answer.text


def with_factor(desk: Desk) -> tuple[str, list[str]]:
    """Sets a second factor up; gives the secret and the codes to write down."""
    page = desk.post("/account/second-factor").text
    address = re.search(r'name="address" value="([^"]+)"', page)
    assert address
    assert "<svg" in page
    secret = re.search(r"secret=([A-Z2-7]+)", address[1])
    assert secret
    wrong = desk.post("/account/second-factor/confirmation", code="000000", address=address[1].replace("&amp;", "&"))
    assert wrong.status_code == 422
    page = desk.post("/account/second-factor/confirmation", code=pyotp.TOTP(secret[1]).now()).text
    return secret[1], re.findall(r"<li>([0-9a-f]{6}-[0-9a-f]{6})</li>", page)


def forget_last_step() -> None:
    """As if half a minute had gone by."""
    with Session.begin() as session:
        session.query(SecondFactor).one().last_step = 0


@pytest.mark.either_database
def test_with_a_second_factor_the_password_alone_lets_nobody_in(reception: Desk, app: Flask) -> None:
    secret, _ = with_factor(reception)
    assert reception.agent
    half = Desk(app.test_client())
    answer = half.post("/sign-in", email=reception.agent.email, password=PASSWORD)
    assert answer.location == "/sign-in/code"
    assert not is_in(half)
    assert half.post("/sign-in/code", code="000000").status_code == 422
    forget_last_step()

    assert half.post("/sign-in/code", code=pyotp.TOTP(secret).now()).status_code == 303

    assert is_in(half)
    replayed = Desk(app.test_client())
    replayed.post("/sign-in", email=reception.agent.email, password=PASSWORD)
    assert replayed.post("/sign-in/code", code=pyotp.TOTP(secret).now()).status_code == 422


@pytest.mark.either_database
def test_a_code_on_paper_lets_in_once(reception: Desk, app: Flask) -> None:
    _, codes = with_factor(reception)
    assert len(codes) == 10
    assert reception.agent
    for expected in (303, 422):
        desk = Desk(app.test_client())
        desk.post("/sign-in", email=reception.agent.email, password=PASSWORD)
        assert desk.post("/sign-in/code", code=codes[0]).status_code == expected


@pytest.mark.either_database
def test_guessing_codes_locks_out_the_right_one_too(reception: Desk, app: Flask) -> None:
    secret, _ = with_factor(reception)
    assert reception.agent
    desk = Desk(app.test_client())
    desk.post("/sign-in", email=reception.agent.email, password=PASSWORD)
    for _try in range(5):
        assert desk.post("/sign-in/code", code="000000").status_code == 422
    forget_last_step()

    assert desk.post("/sign-in/code", code=pyotp.TOTP(secret).now()).status_code == 429


def test_a_second_factor_is_switched_off_by_who_knows_the_password(reception: Desk, app: Flask) -> None:
    with_factor(reception)
    assert reception.post("/account/second-factor/off", now="wrong").status_code == 422
    assert reception.post("/account/second-factor/off", now=PASSWORD).status_code == 303
    assert is_in(again(app, reception))


@pytest.mark.either_database
def test_the_secret_is_not_kept_in_plain_words(reception: Desk) -> None:
    secret, _ = with_factor(reception)
    with Session() as session:
        assert secret not in session.query(SecondFactor).one().secret


def token(settings_key: str = "x" * 32) -> str:
    with Session() as session:
        return passwords.token_of(session.query(SignInLink).order_by(SignInLink.id.desc()).first(), settings_key)  # type: ignore[arg-type]


def test_a_link_lets_choose_a_password_once_and_ends_every_session(reception: Desk, visitor: Desk) -> None:
    assert reception.agent
    visitor.post("/sign-in/forgotten", email=reception.agent.email.upper())
    address = f"/sign-in/password/{token()}"
    assert 'autocomplete="new-password"' in visitor.page(address)
    assert visitor.post(address, password="short").status_code == 422

    assert visitor.post(address, password=NEW).status_code == 303

    assert not is_in(reception)
    assert visitor.client.get(address).status_code == 410
    assert visitor.post(address, password="another long password").status_code == 410
    assert visitor.post("/sign-in", email=reception.agent.email, password=NEW).status_code == 303


@pytest.mark.either_database
def test_known_and_unknown_addresses_are_answered_alike(reception: Desk, visitor: Desk) -> None:
    assert reception.agent
    known = visitor.post("/sign-in/forgotten", email=reception.agent.email)
    unknown = visitor.post("/sign-in/forgotten", email="nobody@lindervelde.example")

    assert re.sub(r'value="[^"]+"', "", known.text) == re.sub(r'value="[^"]+"', "", unknown.text)
    with Session() as session:
        assert session.query(SignInLink).count() == 1


@pytest.mark.either_database
@pytest.mark.parametrize("spoiled", ["old", "forged", "closed"])
def test_a_link_that_is_old_forged_or_of_a_closed_account_is_no_good(reception: Desk, visitor: Desk, spoiled: str) -> None:
    assert reception.agent
    visitor.post("/sign-in/forgotten", email=reception.agent.email)
    with Session.begin() as session:
        if spoiled == "old":
            session.query(SignInLink).one().made_at = now() - timedelta(hours=1, seconds=1)
        if spoiled == "closed":
            session.query(Agent).filter_by(id=reception.agent.id).one().active = False
    address = f"/sign-in/password/{token('y' * 32 if spoiled == 'forged' else 'x' * 32)}"

    assert visitor.client.get(address).status_code == 410
    assert visitor.post(address, password=NEW).status_code == 410


def test_few_links_are_sent_in_an_hour(reception: Desk, visitor: Desk) -> None:
    assert reception.agent
    for _try in range(passwords.MOST_LINKS + 1):
        visitor.post("/sign-in/forgotten", email=reception.agent.email)
    with Session() as session:
        assert session.query(SignInLink).count() == passwords.MOST_LINKS


def test_a_closed_account_is_out_at_once(reception: Desk) -> None:
    assert reception.agent
    with Session.begin() as session:
        agent_sessions.end_all(session, reception.agent.id)
    assert not is_in(reception)


@pytest.mark.either_database
def test_guessing_the_first_code_of_an_app_locks_out_too(reception: Desk) -> None:
    page = reception.post("/account/second-factor").text
    secret = re.search(r"secret=([A-Z2-7]+)", page)
    assert secret
    for _try in range(5):
        assert reception.post("/account/second-factor/confirmation", code="000000").status_code == 422

    assert reception.post("/account/second-factor/confirmation", code=pyotp.TOTP(secret[1]).now()).status_code == 429


@pytest.mark.either_database
def test_guessing_the_password_of_an_open_desk_locks_the_address(reception: Desk, visitor: Desk) -> None:
    for _try in range(5):
        assert reception.post("/account/password", now="a guess", password=NEW).status_code == 422

    assert "Too many wrong tries" in reception.post("/account/password", now=PASSWORD, password=NEW).text
    assert reception.agent
    assert visitor.post("/sign-in", email=reception.agent.email, password=PASSWORD).status_code == 429


def test_many_tries_at_once_are_no_more_than_one_after_the_other(app: Flask) -> None:
    looked_at = []
    everybody_tries = Barrier(8)

    def guess(number: int) -> bool:
        everybody_tries.wait()
        try:
            sign_ins.tried("somebody", lambda: looked_at.append(number))
        except sign_ins.LockedOut:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        answered = list(threads.map(guess, range(8)))

    assert len(looked_at) == sum(answered) == sign_ins.MOST_WRONG


def test_an_account_that_was_closed_after_its_password_was_said_stays_outside(reception: Desk, app: Flask) -> None:
    secret, _ = with_factor(reception)
    assert reception.agent
    half = Desk(app.test_client())
    half.post("/sign-in", email=reception.agent.email, password=PASSWORD)
    forget_last_step()
    with Session.begin() as session:
        session.get_one(Agent, reception.agent.id).active = False

    assert half.post("/sign-in/code", code=pyotp.TOTP(secret).now()).status_code == 422


@pytest.fixture
def strict(settings: Settings, app: Flask) -> Flask:
    """Where agents must have a second factor."""
    made = an_application(replace(settings, second_factor=("agent",)))
    made.testing = True
    return made


@pytest.mark.either_database
def test_a_role_that_needs_a_second_factor_sets_one_up_before_anything_else(strict: Flask) -> None:
    with Session.begin() as session:
        agent = builders.an_agent(session, "agent", "onthaal")
        agent.language = "en"
    desk = Desk(strict.test_client())
    desk.agent = agent
    desk.post("/sign-in", email=agent.email, password=PASSWORD)

    for path in ("/desk/inbox", "/desk/search", "/calls/new"):
        assert desk.client.get(path).location == "/account"
    assert desk.client.get("/api/v1/tickets").status_code == 401
    assert desk.client.get("/desk/inbox", headers={"HX-Request": "true"}).status_code == 401
    assert "Your role needs a second factor" in desk.page("/account")

    with_factor(desk)

    assert is_in(desk)
    assert desk.post("/account/second-factor/off", now=PASSWORD).status_code == 422
    assert is_in(desk)


@pytest.mark.either_database
def test_other_roles_need_none(strict: Flask) -> None:
    with Session.begin() as session:
        agent = builders.an_agent(session, "back_office", "wegen")
    desk = Desk(strict.test_client())
    desk.post("/sign-in", email=agent.email, password=PASSWORD)

    assert is_in(desk)


@pytest.mark.either_database
def test_a_setting_that_names_no_role_is_refused() -> None:
    given = {"DATABASE_URL": "sqlite://", "REDIS_URL": "memory://", "SECRET_KEY": "x" * 32, "SECOND_FACTOR": "agent king"}
    with pytest.raises(SettingsError, match="'king', which is no role"):
        read({f"CONTACT_HUB_{name}": value for name, value in given.items()})
