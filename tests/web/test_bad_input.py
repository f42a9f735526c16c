"""Whatever somebody writes where a number, a day or a reference belongs: they are told, and nothing breaks."""

from collections.abc import Iterator
from itertools import product
from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter, Rule

from contact_hub.web.doing import VERBS
from tests.api.conftest import with_token
from tests.web.conftest import Desk, SignIn

NUMBERS = ("0", "-1", "٣", "2147483648", "9" * 20, "9" * 5000)
DAYS = ("0001-01-01", "9999-12-31T23:59")
REFERENCES = ("26-000001-X", "99-99999999999999999999-0", "٣" * 9)
ASKED = ("person", "since", "until", "after", "before", "number", "part", "from", "to", "draft", "q", "reference", "edition")
LONGEST_LINE = 300  # characters that a server is sure to take in an address


def _filled(app: Flask, method: str) -> Iterator[str]:
    """Every address of this method that holds a number, with each of these in its place."""
    for rule in app.url_map.iter_rules():
        numbers = {name for name, kind in rule._converters.items() if isinstance(kind, IntegerConverter)}
        if method in (rule.methods or ()) and numbers:
            yield from (_with(rule, numbers, each) for each in NUMBERS)


def _with(rule: Rule, numbers: set[str], value: str) -> str:
    filled = "".join(
        part if not is_name else value if part in numbers else _first_of(rule, part) for is_name, part in rule._trace
    )
    return filled.removeprefix("|").replace("|", "")


def _first_of(rule: Rule, name: str) -> str:
    items = sorted(getattr(rule._converters[name], "items", ()))
    return items[0] if items else "26-000001-X"


def test_a_number_that_is_none_is_not_found_anywhere(app: Flask, sign_in: SignIn) -> None:
    api = with_token(sign_in("administrator", "onthaal").client)
    for method, address in [(each, filled) for each in ("GET", "POST", "PUT", "DELETE") for filled in _filled(app, each)]:
        answer = api.open(address, method=method, json={} if address.startswith("/api") else None)
        assert answer.status_code in (302, 303, 400, 403, 404, 405, 409, 415, 422), (method, address[:80], answer.status)


def test_what_an_address_asks_may_be_anything(app: Flask, reference: str, reception: Desk) -> None:
    pages = ("/desk/inbox", "/desk/search", "/tickets", "/calls/new", "/api/v1/tickets")
    for page, value in product(pages, (*NUMBERS, *DAYS, *REFERENCES)):
        answer = reception.client.get(page, query_string=dict.fromkeys(ASKED, value[:LONGEST_LINE]))
        assert answer.status_code in (200, 302, 303, 400, 404, 422), (page, value[:40], answer.status)
    for page in ("/tickets/{}", "/tickets/{}/why", "/api/v1/tickets/{}"):
        for value in REFERENCES:
            assert reception.client.get(page.format(value)).status_code == 404, (page, value)


def test_what_a_form_of_a_ticket_brings_may_be_anything(reference: str, reception: Desk) -> None:
    names = ("agent", "whom", "person", "merge", "other", "due", "until", "queue", "outcome", "topic", "seen", "template")
    values = ("9" * 20, DAYS[0], "queue:\0")
    for verb, value in product(VERBS, values):
        form = {**dict.fromkeys(names, value), f"message-{value}": "on", f"address-{value}": value}
        answer = reception.post(f"/tickets/{reference}/{verb}", **form, reason="x", priority="normal")
        assert answer.status_code in (303, 400, 409, 422), (verb, value[:40], answer.status)


def test_what_the_interface_is_sent_may_be_anything(reference: str, reception: Desk) -> None:
    api = with_token(reception.client)
    for verb, known in VERBS.items():
        for value in (-1, 2**63, "\ud800", "\0", [2**70], {"9" * 30: "x"}, "0001-01-01T00:00"):
            sent: dict[str, Any] = dict.fromkeys(known.takes().fields, value)
            answer = api.post(f"/api/v1/tickets/{reference}/{verb}", json=sent)
            assert answer.status_code in (200, 201, 400, 409, 422), (verb, str(value)[:40], answer.text)
            assert answer.status_code < 300 or answer.mimetype == "application/problem+json"
