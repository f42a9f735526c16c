"""Only this hub can make the token that opens a ticket to a mail."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contact_hub import threads
from contact_hub.references import reference_of

REFERENCE = reference_of(2026, 4512)
SECRET = "a secret of forty characters for tests!!"


@pytest.fixture(autouse=True)
def signing() -> Iterator[None]:
    threads.signs_with(SECRET)
    threads.answers_at(["Onthaal@lindervelde.example", "loket@lindervelde.example"])
    yield
    threads.answers_at([])


@pytest.mark.parametrize("written", ["{}", "<{}.0f3a@lindervelde.example>", "onthaal+{}@lindervelde.example", "x {} y"])
def test_a_token_names_its_ticket_wherever_it_stands(written: str) -> None:
    token = threads.token_for(REFERENCE)

    assert threads.reference_by_token(written.format(token)) == REFERENCE
    assert threads.reference_by_token(written.format(token.upper())) == REFERENCE


def test_a_token_is_short_enough_for_an_address() -> None:
    address = threads.reply_address("onthaal@lindervelde.example", REFERENCE)

    assert len(address.partition("@")[0]) <= 64
    assert threads.reference_by_token(address) == REFERENCE


def test_a_token_of_another_ticket_or_another_hub_is_none() -> None:
    signature = threads.token_for(REFERENCE).partition(".")[2]
    other = reference_of(2026, 4513)

    assert threads.reference_by_token(f"{other}.{signature}") is None
    threads.signs_with("the secret of another municipality, as long")
    assert threads.reference_by_token(f"{REFERENCE}.{signature}") is None


def test_every_process_with_the_same_secret_knows_the_token() -> None:
    token = threads.token_for(REFERENCE)
    threads.signs_with("of another process, until it is told the right one")
    threads.signs_with(SECRET)

    assert threads.reference_by_token(token) == REFERENCE


def test_a_signed_token_is_found_behind_forged_ones() -> None:
    forged = f"{REFERENCE}.{'a' * threads.LETTERS} "

    assert threads.reference_by_token(forged * 3 + threads.token_for(REFERENCE)) == REFERENCE
    assert threads.reference_by_token(forged * 100_000) is None


@given(st.text(max_size=200))
def test_any_text_may_be_asked(text: str) -> None:
    assert threads.reference_by_token(text) is None


@pytest.mark.parametrize(
    ("address", "own"),
    [
        ("onthaal@lindervelde.example", True),
        ("ONTHAAL+26-000001-D.abc@Lindervelde.example", True),
        ("roos@lindervelde.example", False),
        ("onthaal@elsewhere.example", False),
        ("", False),
        ("onthaal", False),
    ],
)
def test_the_hub_knows_its_own_addresses(address: str, own: bool) -> None:
    assert threads.is_own(address) is own
