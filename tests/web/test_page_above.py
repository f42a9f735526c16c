"""An address that forms are sent to, opened anew, leads to the page that it belongs to and changes nothing."""

from collections.abc import Iterator
from itertools import product

import pytest
from flask import Flask

from contact_hub.database import Session
from contact_hub.web.security import API
from tests.web.conftest import Desk, SignIn, the_ticket

pytestmark = pytest.mark.either_database

SHOWS = {"GET", "HEAD"}


def only_posted_to(app: Flask, begins: str, **filled: str) -> Iterator[str]:
    """Every address below this that takes no GET, with its blanks filled in; of several words that fit, each."""
    rules = list(app.url_map.iter_rules())
    shown = {rule.rule for rule in rules if SHOWS & (rule.methods or set())}
    for rule in rules:
        if rule.rule in shown or not rule.rule.startswith(begins) or rule.rule.startswith(API):
            continue
        words = {name: sorted(getattr(kind, "items", ())) or ["1"] for name, kind in rule._converters.items()}
        for chosen in product(*({**words, **{name: [filled[name]] for name in filled if name in words}}).values()):
            blanks = dict(zip(words, chosen, strict=True))
            yield "".join(blanks[part] if is_name else part for is_name, part in rule._trace).split("|")[-1]


def test_every_address_of_a_ticket_that_is_posted_to_leads_to_the_ticket(app: Flask, reception: Desk, reference: str) -> None:
    with Session() as session:
        before = the_ticket(session, reference).last_event
    addresses = list(only_posted_to(app, "/tickets/<reference>/", reference=reference))
    assert {f"/tickets/{reference}/{each}" for each in ("letter", "answers/1/taken-back", "returns")} <= set(addresses)
    for address in addresses:
        answer = reception.client.get(address)
        assert (answer.status_code, answer.location) == (303, f"/tickets/{reference}"), address
    with Session() as session:
        assert the_ticket(session, reference).last_event == before


def test_every_other_one_leads_to_a_page_too(app: Flask, sign_in: SignIn) -> None:
    desk = sign_in("administrator", "onthaal")
    for address in only_posted_to(app, "/"):
        answer = desk.client.get(address)
        assert answer.status_code == 303, address
        assert desk.client.get(answer.location).status_code != 405, (address, answer.location)


@pytest.mark.parametrize(
    ("address", "page"),
    [("/calls", "/calls/new"), ("/account/second-factor/confirmation", "/account"), ("/desk/bulk/7/undo", "/desk/bulk/7")],
)
def test_it_leads_to_the_nearest_page(reception: Desk, address: str, page: str) -> None:
    assert reception.client.get(address).location == page


def test_systems_and_parts_of_pages_are_told_that_it_is_none(reception: Desk, reference: str) -> None:
    address = f"/tickets/{reference}/claim"
    assert reception.client.get(address, headers={"HX-Request": "true"}).status_code == 405
    assert reception.client.get(f"{API}v1/tickets/{reference}/claim").status_code == 405
    assert reception.client.put(address).status_code in (400, 405)
