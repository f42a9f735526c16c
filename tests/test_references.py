"""A ticket is called by a reference that survives being spoken, retyped and put into a subject."""

import pytest

from contact_hub.references import number_in, reference_of, references_in


@pytest.mark.parametrize("number", [1, 7, 4512, 999_999, 1_234_567])
def test_a_reference_names_its_ticket(number: int) -> None:
    reference = reference_of(2026, number)

    assert number_in(reference) == number
    assert number_in(reference.lower().replace("-", " ")) == number


def test_a_mistyped_reference_names_no_ticket() -> None:
    reference = reference_of(2026, 4512)

    assert number_in(reference.replace("4512", "4521")) is None
    assert [number_in(text) for text in ("", "26", "pothole", "26-00451２-K")] == [None] * 4


@pytest.mark.parametrize("written", ["RE: [{}] Uw vraag", "{}", "kenmerk {}.", "Aw: {} en nog iets", "({})"])
def test_a_reference_is_found_in_a_subject(written: str) -> None:
    reference = reference_of(2026, 4512)

    assert references_in(written.format(reference)) == (reference,)
    assert references_in(written.format(reference.replace("-", "").lower())) == (reference,)


@pytest.mark.parametrize("text", ["", "0474 12 34 56", "dossier 2026-11-23", "26-004512-A", "x26-004512-Kx", "9" * 4000])
def test_what_only_looks_like_a_reference_is_none(text: str) -> None:
    assert references_in(text) == ()
