"""A sentence for people is kept apart from its values, and said in any language."""

from contact_hub.routing.said import Said, from_record, said

DUTCH = {"%(what)s lacks “%(name)s”.": "%(name)s ontbreekt in %(what)s.", "A rule": "een regel"}


def test_a_sentence_says_its_values() -> None:
    assert str(said("%(what)s lacks “%(name)s”.", what=said("A rule"), name="id")) == "A rule lacks “id”."


def test_a_sentence_is_said_in_another_language_with_its_values_as_they_are() -> None:
    sentence = said("%(what)s lacks “%(name)s”.", what=said("A rule"), name="A rule")
    assert sentence.through(lambda text: DUTCH[text]) == "A rule ontbreekt in een regel."


def test_a_sentence_without_values_may_hold_any_sign() -> None:
    assert str(said("100 % of them (%d)")) == "100 % of them (%d)"


def test_a_sentence_comes_back_from_what_was_stored() -> None:
    sentence = said("%(what)s has %(count)s", what=said("A rule"), count=3)
    assert from_record(sentence.as_record()) == sentence
    assert from_record("words of an earlier day") == Said("words of an earlier day")
