"""The hub writes by itself to people only."""

from collections.abc import Iterator
from typing import Any

import pytest

from contact_hub import threads
from contact_hub.loops import may_write_to
from tests.builders import a_contact


@pytest.fixture(autouse=True)
def own_addresses() -> Iterator[None]:
    threads.answers_at(["onthaal@lindervelde.example"])
    yield
    threads.answers_at([])


@pytest.mark.parametrize(
    "sender", ["roos@example.org", "info@bakker.example", "reply@example.org", "burgemeester@lindervelde.example"]
)
def test_a_person_is_written_to(sender: str) -> None:
    assert may_write_to(a_contact(sender=sender))


@pytest.mark.parametrize(
    "sender",
    [
        "",
        "+32470123456",
        "onthaal@lindervelde.example",
        "Onthaal+26-000001-D.abc@lindervelde.example",
        "no-reply@example.org",
        "noreply+x@example.org",
        "do-not-reply@example.org",
        "nepasrepondre@example.org",
        "MAILER-DAEMON@example.org",
        "postmaster@example.org",
        "owner-nieuws@example.org",
        "nieuws-request@example.org",
    ],
)
def test_a_robot_and_the_hub_itself_are_not(sender: str) -> None:
    assert not may_write_to(a_contact(sender=sender))


@pytest.mark.parametrize(
    "headers",
    [
        {"return-path": "<>"},
        {"return-path": " < > "},
        {"auto-submitted": "auto-generated"},
        {"auto-submitted": "auto-replied"},
        {"x-auto-response-suppress": "All"},
        {"x-auto-response-suppress": "DR, AutoReply"},
        {"auto-submitted": "auto-generated", "x-forwarded-to": "onthaal@lindervelde.example", "return-path": "<>"},
    ],
)
def test_what_a_machine_marks_is_not_answered(headers: dict[str, str]) -> None:
    assert not may_write_to(a_contact(headers=headers))


@pytest.mark.parametrize(
    "headers",
    [
        {"auto-submitted": "no"},
        {"auto-submitted": "auto-generated", "resent-from": "info@lindervelde.example"},
        {"auto-submitted": "auto-generated", "return-path": "<SRS0=x=example.org=roos@lindervelde.example>"},
        {"x-auto-response-suppress": "All", "x-forwarded-to": "onthaal@lindervelde.example"},
    ],
)
def test_a_citizen_whose_mail_our_server_passed_on_and_stamped_is_written_to(headers: dict[str, str]) -> None:
    assert may_write_to(a_contact(headers=headers))


@pytest.mark.parametrize("kind", ["bounce", "delay", "out-of-office", "auto-reply", "list"])
def test_what_was_judged_a_machine_is_not_written_to(kind: Any) -> None:
    assert not may_write_to(a_contact(automatic=kind))
