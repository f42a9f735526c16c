"""Signing in at the municipality's own provider: a real one on loopback says who somebody is."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import requests
from flask import Flask

from contact_hub.agents import Agent
from contact_hub.database import Session
from contact_hub.oidc import BadProvider, Provider, read
from contact_hub.passwords import SignInLink
from contact_hub.settings import Settings
from tests.application import made_anew
from tests.builders import PASSWORD, an_agent
from tests.servers.openid import CLIENT, SECRET, OpenIdProvider
from tests.web.conftest import Desk

pytestmark = pytest.mark.either_database

ANNA = {"sub": "anna-1", "email": "anna@lindervelde.example", "email_verified": True, "name": "Anna Claes"}


@pytest.fixture
def provider() -> Iterator[OpenIdProvider]:
    with OpenIdProvider() as running:
        yield running


@pytest.fixture
def town(app: Flask, settings: Settings, provider: OpenIdProvider) -> Flask:
    """The application where people sign in by the provider."""
    here = Provider(
        provider.issuer,
        CLIENT,
        SECRET,
        name="Lindervelde",
        roles={"hub-agents": "agent", "hub-leads": "supervisor"},
        queues={"team-roads": "wegen", "team-desk": "onthaal"},
    )
    made = made_anew(replace(settings, oidc=here))
    made.testing = True
    return made


def comes(town: Flask, provider: OpenIdProvider, groups: list[str] | str, **claims: Any) -> Desk:
    """Somebody goes to the provider and comes back."""
    provider.claims = ANNA | {"groups": groups} | claims
    desk = stranger(town)
    there = desk.client.get("/sign-in/provider?next=/desk/search")
    assert there.status_code == 302
    back = requests.get(there.location, allow_redirects=False, timeout=5).headers["Location"]
    desk.back = desk.client.get(back.partition("8080")[2])  # type: ignore[attr-defined]
    return desk


def stranger(town: Flask) -> Desk:
    """A browser in English in which nobody is signed in."""
    desk = Desk(town.test_client())
    desk.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return desk


def is_in(desk: Desk) -> bool:
    return desk.client.get("/desk/inbox").status_code == 200


def the_agent() -> Agent:
    with Session() as session:
        return session.query(Agent).filter_by(email=ANNA["email"]).one()


def test_somebody_new_comes_in_with_the_role_and_queues_of_their_claims(town: Flask, provider: OpenIdProvider) -> None:
    desk = comes(town, provider, ["hub-agents", "team-roads", "other"])

    assert desk.back.location == "/desk/search"  # type: ignore[attr-defined]
    assert is_in(desk)
    anna = the_agent()
    assert (anna.name, anna.role, anna.queue_ids) == ("Anna Claes", "agent", frozenset({"wegen"}))
    assert Desk(town.test_client()).post("/sign-in", email=anna.email, password="").status_code == 422


def test_the_claims_of_the_next_time_count(town: Flask, provider: OpenIdProvider) -> None:
    comes(town, provider, ["hub-agents", "team-roads"])
    comes(town, provider, ["hub-agents", "hub-leads", "team-desk"], email="anna.claes@lindervelde.example")

    anna = the_agent()
    assert (anna.role, anna.queue_ids) == ("supervisor", frozenset({"onthaal"}))
    with Session() as session:
        assert session.query(Agent).count() == 1


def test_who_has_an_account_by_that_address_is_that_person(town: Flask, provider: OpenIdProvider) -> None:
    with Session.begin() as session:
        known = an_agent(session)
        known.email = ANNA["email"]

    assert is_in(comes(town, provider, "hub-agents"))
    assert the_agent().id == known.id


def test_a_queue_that_is_no_longer_claimed_is_lost(town: Flask, provider: OpenIdProvider) -> None:
    comes(town, provider, ["hub-agents", "team-roads", "team-desk"])
    comes(town, provider, ["hub-agents", "team-desk"])

    assert the_agent().queue_ids == {"onthaal"}


def test_who_gets_another_role_signs_in_anew_everywhere(town: Flask, provider: OpenIdProvider) -> None:
    before = comes(town, provider, ["hub-leads"])
    after = comes(town, provider, ["hub-agents"])

    assert (is_in(before), is_in(after)) == (False, True)


def test_who_has_no_role_any_more_is_out_everywhere(town: Flask, provider: OpenIdProvider) -> None:
    before = comes(town, provider, ["hub-agents", "team-roads"])

    assert not is_in(comes(town, provider, []))

    assert not is_in(before)
    assert the_agent().queue_ids == frozenset()


def test_an_address_given_to_somebody_else_does_not_give_them_the_account(town: Flask, provider: OpenIdProvider) -> None:
    comes(town, provider, ["hub-agents"])

    desk = comes(town, provider, ["hub-leads"], sub="another-anna")

    assert not is_in(desk)
    assert "belongs to another account" in desk.page("/sign-in")
    assert the_agent().role == "agent"


def test_who_signs_out_signs_out_at_the_provider_and_comes_back(town: Flask, provider: OpenIdProvider) -> None:
    desk = comes(town, provider, ["hub-agents"])
    policy = desk.get("/account").headers["Content-Security-Policy"]

    there = desk.post("/sign-out")

    assert there.location.startswith(f"{provider.issuer}/leave?")
    assert f"form-action 'self' {provider.issuer};" in policy
    back = requests.get(there.location, allow_redirects=False, timeout=5).headers["Location"]
    assert back.endswith("/sign-in")
    [asked] = provider.left
    assert asked["client_id"] == CLIENT
    assert asked["id_token_hint"].count(".") == 2
    assert not is_in(desk)


def test_who_came_in_by_password_signs_out_here_alone(town: Flask, provider: OpenIdProvider) -> None:
    with Session.begin() as session:
        agent = an_agent(session)
    desk = stranger(town)
    desk.post("/sign-in", email=agent.email, password=PASSWORD)

    assert desk.post("/sign-out").location == "/sign-in"


def test_who_comes_in_by_the_provider_alone_has_no_password_to_forget(town: Flask, provider: OpenIdProvider) -> None:
    comes(town, provider, ["hub-agents"])

    stranger(town).post("/sign-in/forgotten", email=ANNA["email"])

    with Session() as session:
        assert session.query(SignInLink).count() == 0


@pytest.mark.parametrize(
    ("claims", "said"),
    [
        ({"groups": []}, "You have no role in Contact Hub yet."),
        ({"groups": ["team-roads"]}, "You have no role in Contact Hub yet."),
        ({"email_verified": False}, "You have no role in Contact Hub yet."),
    ],
)
def test_who_has_no_role_or_no_proved_address_stays_outside(
    town: Flask, provider: OpenIdProvider, claims: dict[str, Any], said: str
) -> None:
    desk = comes(town, provider, **({"groups": ["hub-agents"]} | claims))

    assert not is_in(desk)
    assert said in desk.page("/sign-in")
    with Session() as session:
        assert session.query(Agent).count() == 0


def test_an_address_that_was_not_proved_takes_over_nobodys_account(town: Flask, provider: OpenIdProvider) -> None:
    with Session.begin() as session:
        an_agent(session).email = ANNA["email"]

    assert not is_in(comes(town, provider, "hub-leads", email_verified=False))
    assert the_agent().role == "agent"


def test_a_closed_account_stays_closed(town: Flask, provider: OpenIdProvider) -> None:
    comes(town, provider, "hub-agents")
    with Session.begin() as session:
        session.query(Agent).one().active = False

    desk = comes(town, provider, "hub-agents")

    assert not is_in(desk)
    assert "closed" in desk.page("/sign-in")


def test_a_token_of_somebody_else_lets_nobody_in(town: Flask, provider: OpenIdProvider) -> None:
    provider.forged = True
    desk = comes(town, provider, "hub-agents")

    assert not is_in(desk)
    assert "Signing in did not work." in desk.page("/sign-in")


def test_an_answer_nobody_asked_for_lets_nobody_in(town: Flask, provider: OpenIdProvider) -> None:
    desk = Desk(town.test_client())
    desk.client.get("/sign-in/provider/back?code=x&state=y")
    assert not is_in(desk)


def test_a_provider_that_is_away_is_said(app: Flask, settings: Settings) -> None:
    away = Provider("http://127.0.0.1:9", CLIENT, SECRET, roles={"a": "agent"})
    desk = stranger(made_anew(replace(settings, oidc=away)))
    desk.client.get("/sign-in/provider")
    assert "Signing in did not work." in desk.page("/sign-in")


def test_without_a_provider_nobody_is_led_there(visitor: Desk) -> None:
    assert "sign-in/provider" not in visitor.page("/sign-in")
    assert visitor.client.get("/sign-in/provider").status_code == 404


def test_settings_name_what_is_wrong() -> None:
    good = {"OIDC_ISSUER": "https://id.town.example/", "OIDC_CLIENT_ID": "hub", "OIDC_ROLES": "a=agent b=supervisor"}
    found = read(lambda name: good.get(name, ""))
    assert found
    assert (found.issuer, found.roles["b"]) == ("https://id.town.example", "supervisor")
    assert read(lambda name: "") is None
    for name, value, said in (
        ("OIDC_CLIENT_ID", "", "OIDC_CLIENT_ID is not set"),
        ("OIDC_ROLES", "", "OIDC_ROLES is not set"),
        ("OIDC_ROLES", "a=king", "'king', which is no role"),
        ("OIDC_QUEUES", "roads", "value=meaning"),
    ):
        wrong = good | {name: value}
        with pytest.raises(BadProvider, match=said):
            read(lambda asked, wrong=wrong: wrong.get(asked, ""))  # type: ignore[misc]
