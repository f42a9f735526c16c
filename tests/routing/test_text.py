"""Texts are compared without case, accents and glyphs, and every word knows its place in the original."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contact_hub.routing.text import READ_AT_MOST, fold, trace

AWKWARD = st.text(st.characters() | st.sampled_from("eéÉ&;-'’ \u00ad\u200b\u0301ßæœøłıİÀfi²€"))
TEXTS = AWKWARD | st.lists(st.sampled_from(["&eacute;", "&amp;", "&#233;", "&x;", "e-mail", "Été", " "])).map("".join)


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("Afval!", " afval "),
        ("  Déchets,  POUBELLE ", " dechets poubelle "),
        ("Straße", " strasse "),
        ("œuvre Łódź smørrebrød Æsop", " oeuvre lodz smorrebrod aesop "),
        ("foto’s en foto's", " foto s en foto s "),
        ("huis\u00advuil grof\u200bvuil", " huisvuil grofvuil "),
        ("caf&eacute; &amp; bar", " cafe bar "),
        ("e\u0301te\u0301", " ete "),
        ("e-mail E mail email", " email email email "),
        ("e-ID", " eid "),
        ("ﬁets ２", " fiets 2 "),
        ("…", " "),
        ("", " "),
    ],
)
def test_texts_that_mean_the_same_are_compared_as_the_same(written: str, compared: str) -> None:
    assert fold(written) == compared


@given(TEXTS)
def test_the_map_belongs_to_the_folded_text(text: str) -> None:
    assert trace(text).folded == fold(text)


@given(TEXTS)
def test_every_word_comes_from_a_span_that_folds_to_it(text: str) -> None:
    traced = trace(text)
    position = 1
    for word in traced.folded.split():
        start, end = traced.span(position, position + len(word))
        assert 0 <= start < end <= len(text)
        assert word in fold(text[start:end]).replace(" ", "")
        position += len(word) + 1


@given(TEXTS, TEXTS)
def test_folding_twice_changes_nothing(first: str, second: str) -> None:
    folded = fold(f"{first} {second}")
    assert fold(folded) == folded


def test_the_span_of_a_word_takes_its_accents_along() -> None:
    text = "een e\u0301te\u0301!"
    traced = trace(text)
    start, end = next(traced.places(" ete ", at_most=1))
    assert text[start:end] == "e\u0301te\u0301"


def test_places_are_those_of_the_original_behind_an_entity() -> None:
    text = "caf&eacute; bar"
    traced = trace(text)
    assert [text[start:end] for start, end in traced.places(" cafe ", at_most=3)] == ["caf&eacute;"]
    assert [text[start:end] for start, end in traced.places(" bar ", at_most=3)] == ["bar"]


def test_what_lies_beyond_the_limit_is_not_read() -> None:
    assert fold("a" * READ_AT_MOST + " afval") == f" {'a' * READ_AT_MOST} "
