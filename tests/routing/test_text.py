"""Texts are compared without case, accents and glyphs, and every word knows its place in the original."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contact_hub.routing.text import READ_AT_MOST, fold, needle_of, trace

LATIN = "eéÉ&;-'’ \u00ad\u200b\u0301ßẞæœøłđıİÀﬁ²€Å"
OTHERS = "\u200f\u202e\u2067\ud83d\udc36👨\u200d👩مرحبا\u064bשלום\u05bcनमस्ते漢字㎏ﷺ\u0345\u1ab0\x00\u2028"
AWKWARD = st.text(st.characters() | st.sampled_from(LATIN) | st.sampled_from(OTHERS))
PIECES = ["&eacute;", "&amp;", "&#233;", "&#55296;", "&#x110000;", "&x;", "&not", "e-mail", "e mail", "é\u0301", "Été", " "]
TEXTS = AWKWARD | st.lists(st.sampled_from(PIECES)).map("".join)


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
        ("đ Đ æ ı ẞ", " d d ae i ss "),
        ("سلام\u200f عليكم", " سلام عليكم "),
        ("\u202egas\u202c", " gas "),
        ("half a pair \ud83d !", " half a pair "),
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


@pytest.mark.parametrize(
    ("word", "needle"),
    [
        ("Afval", " afval "),
        ("afval*", " afval"),
        ("*afval", "afval "),
        ("*afval*", "afval"),
        ("fuite de gaz", " fuite de gaz "),
    ],
)
def test_a_word_is_looked_for_with_a_space_where_it_must_end(word: str, needle: str) -> None:
    assert needle_of(word) == needle


def test_a_word_of_signs_alone_is_no_needle() -> None:
    assert needle_of("*!*").strip() == ""
