"""Contacts can be written down in a list to try rules on them."""

import pytest

from contact_hub.routing.file.trial import ContactsError, contacts_in

LIST = """
- id: one
  channel: webform
  language: nl
  from: "an@post.example"
  subject: "Put"
  body: |
    Er zit een put in de weg.
  headers: {Auto-Submitted: "no"}
  attachments: [foto.jpg, {filename: plan.pdf, size: 12}]
  form: street
  fields: {what: road}
  postcode: 9050
  expected_queue: openbare-werken
  note: "other keys are left alone"
- {id: two, body: "kort\\n> oud"}
"""


def test_a_contact_keeps_what_was_written() -> None:
    (name, contact), _ = contacts_in(LIST)
    assert (name, contact.channel, contact.sender, contact.subject) == ("one", "webform", "an@post.example", "Put")
    assert contact.message == "Er zit een put in de weg."
    assert (contact.postcode, contact.form, contact.fields["what"]) == ("9050", "street", "road")
    assert (contact.headers["Auto-Submitted"], [file.name for file in contact.attachments]) == ("no", ["foto.jpg", "plan.pdf"])


def test_mails_are_parted_the_way_the_caller_says() -> None:
    contacts = dict(contacts_in(LIST, parted=lambda text: (text.partition("\n")[0], text.partition("\n")[2])))
    assert (contacts["two"].message, contacts["two"].quoted) == ("kort", "> oud")
    assert contacts["one"].message == "Er zit een put in de weg."


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("id: one", "no list of contacts"),
        ("- {body: x}", "lacks “id”"),
        ("- just words", "must be keys with values"),
        ("- {id: one, automatic: maybe}", "cannot be “maybe”"),
        ("- {id: one, received: noon}", "no moment"),
        ("[", "not YAML"),
    ],
)
def test_a_bad_list_is_answered(text: str, what: str) -> None:
    with pytest.raises(ContactsError) as caught:
        contacts_in(text)
    assert what in str(caught.value.mistakes[0].what)
