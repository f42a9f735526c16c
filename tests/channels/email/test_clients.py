"""New and old words are told apart whatever program the citizen writes with, in plain text and in HTML."""

import re
from collections import Counter

import pytest

from tests.channels.email.clients import OLD, Answer, answers
from tests.channels.email.mails import a_mail, read

ANSWERS = list(answers())


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text))


def in_both(answer: Answer) -> bytes:
    body = (
        f"--b\nContent-Type: text/plain; charset=utf-8\n\n{answer.plain}\n"
        f"--b\nContent-Type: text/html; charset=utf-8\n\n{answer.html}\n--b--\n"
    )
    return a_mail(body, Content_Type="multipart/alternative; boundary=b")


@pytest.mark.parametrize("answer", ANSWERS, ids=str)
def test_the_new_words_of_a_plain_answer_are_its_message_and_none_is_lost(answer: Answer) -> None:
    contact = read(a_mail(answer.plain))

    assert contact.message == answer.message
    assert words(answer.plain) == words(f"{contact.message} {contact.quoted}")


@pytest.mark.parametrize("answer", ANSWERS, ids=str)
def test_the_new_words_of_an_html_answer_are_its_message_and_none_of_the_old_is_lost(answer: Answer) -> None:
    contact = read(a_mail(answer.html, Content_Type="text/html; charset=utf-8"))

    assert contact.message == answer.message
    assert not words(" ".join(OLD[answer.language])) - words(contact.quoted)


@pytest.mark.parametrize("answer", ANSWERS, ids=str)
def test_an_answer_in_both_versions_is_read_once(answer: Answer) -> None:
    assert read(in_both(answer)).message == answer.message
