"""All words of a rulebook are found in one go, exactly those that stand in the text."""

from hypothesis import given
from hypothesis import strategies as st

from contact_hub.routing.text import fold
from contact_hub.routing.vocabulary import Vocabulary, needle_of, plainly_found

LETTERS = st.text("abé", min_size=1, max_size=4)
PHRASES = st.lists(LETTERS, min_size=1, max_size=3).map(" ".join)
WORDS = st.builds(
    lambda before, phrase, behind: f"{before}{phrase}{behind}", st.sampled_from(["", "*"]), PHRASES, st.sampled_from(["", "*"])
)


@given(st.lists(WORDS, max_size=12), st.lists(LETTERS, max_size=12).map(" ".join))
def test_the_fast_way_finds_what_the_plain_way_finds(words: list[str], text: str) -> None:
    needles = [needle_of(word) for word in words]
    folded = fold(text)
    assert Vocabulary.of(needles).found_in(folded) == plainly_found(needles, folded)


def test_a_word_of_signs_alone_is_no_needle() -> None:
    assert needle_of("*!*").strip() == ""
