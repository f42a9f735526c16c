"""What a pattern cannot do without is in every text it fits, so that no text is passed over."""

import re2
from hypothesis import given
from hypothesis import strategies as st

from contact_hub.routing.index.literals import LETTERS, necessary_literals
from contact_hub.routing.text import fold
from tests.routing import random_rules

LETTER = re2.Options()
LETTER.case_sensitive = False

letters = st.sampled_from([*"abcEÉß", "gas", "déchet", r"\d", r"\w", ".", "[aé]", "[^a]", r"\b", " ", "-"])
patterns = st.recursive(
    letters | st.sampled_from(random_rules.PATTERNS),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=4).map("".join),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: f"({'|'.join(parts)})"),
        st.builds(lambda part, times: f"(?:{part}){times}", inner, st.sampled_from(["*", "+", "?", "{2}", "{0,2}", "{1,}?"])),
    ),
    max_leaves=6,
)


@given(patterns, st.lists(letters | st.sampled_from(random_rules.GLUE), max_size=9).map("".join) | random_rules.texts)
def test_a_text_that_a_pattern_fits_holds_one_string_of_each_group(pattern: str, text: str) -> None:
    text = text.replace("&", " ").encode(errors="replace").decode()
    if re2.compile(pattern, LETTER).search(text):
        assert all(any(string in fold(text) for string in group) for group in necessary_literals(pattern))


def test_whatever_stands_for_a_letter_in_another_case_folds_to_the_same() -> None:
    every = "".join(chr(code) for code in range(0x110000) if not 0xD800 <= code <= 0xDFFF)
    for letter in LETTERS:
        for found in re2.compile(re2.escape(letter), LETTER).findall(every):
            assert fold(found) == fold(letter), (letter, found)


def test_the_rarest_groups_are_looked_for() -> None:
    assert necessary_literals(r"\bafvalzak(en|s)?\b") == ({"afvalzak"},)
    assert necessary_literals(r"(gas|stroom)\s+\w+") == ({"gas", "stroom"},)
    assert necessary_literals(r"dossier\s*:?\s*1234-\d+") == ({"dossier"}, {"1234"})
    assert necessary_literals(r"caf[eé]s?!") == ({"cafe"},)


def test_nothing_is_known_of_what_may_be_anything() -> None:
    for pattern in (r"\d{4}", "a|b*", "x?", r"\Qgas\E", ".*", "(" * 60 + "gas" + ")" * 60):
        assert necessary_literals(pattern) == ()
