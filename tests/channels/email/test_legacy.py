"""Mails of older web forms: their fields are read back, and a template that no longer fits changes nothing."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine

from channels.email.legacy_examples import astray
from channels.email.legacy_file import TemplateError, published, read_template
from channels.email.reading import read_mail
from contact_hub.arrivals import FormMailTally, misfits
from contact_hub.cli import main
from contact_hub.contact import Contact, FormMail
from contact_hub.database import Session, reading
from contact_hub.house import House
from contact_hub.intake import today
from contact_hub.settings import Settings
from tests import builders
from tests.channels.email.mails import RECEIVED, a_mail

TEMPLATE = """\
id: old
form: street
topic: straat
from: ["web*@lindervelde.example"]
subject: ["Melding*"]
fields:
  - {name: first, labels: [Voornaam, Prénom], use: name}
  - {name: last, labels: [Naam, Nom], use: name}
  - {name: email, labels: [E-mail], use: sender}
  - {name: phone, labels: [Telefoon], optional: yes}
  - {name: what, labels: [Soort], values: {Put in de weg: road}, topics: {Put in de weg: wegdek}}
  - {name: words, labels: [Bericht, Message], use: message, lines: many}
  - {name: postcode, labels: [Postcode], use: postcode}
ends: [Automatisch verzonden]
examples:
  - mail: |
      From: web@lindervelde.example
      Subject: Melding 1

      Voornaam: An
      Naam: Peeters
      E-mail: an@post.example
      Soort: Put in de weg
      Bericht: x
      Postcode: 2299
    fields: {first: An, last: Peeters, email: an@post.example, what: road, words: x, postcode: "2299"}
"""
BODY = """\
Voornaam: An
Naam: Peeters
E-mail: An@Post.example
Soort: Put in de weg
Bericht: Dag,

Naam: staat niet op het bord.
Postcode: geen idee.
Postcode: 2299 Lindervelde
Automatisch verzonden door de website
Postcode: 1000
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "old.yaml").write_text(TEMPLATE, "utf-8")
    return tmp_path


def read(folder: Path, body: str = BODY, **headers: str) -> Contact:
    fields = {
        "From": "Website <web@lindervelde.example>",
        "Subject": "Melding 12",
        "Auto-Submitted": "auto-generated",
    } | headers
    return read_mail(a_mail(body, **fields), RECEIVED, house=House(form_mails=folder))


def test_the_citizen_in_the_fields_is_the_sender(folder: Path) -> None:
    contact = read(folder)
    assert (contact.sender, contact.sender_name, contact.postcode) == ("an@post.example", "An Peeters", "2299")
    assert (contact.form, contact.topic, contact.fields["what"]) == ("street", "wegdek", "road")
    assert contact.automatic == ""


def test_lines_that_look_like_labels_inside_a_long_answer_belong_to_it(folder: Path) -> None:
    assert read(folder).message == "Dag,\n\nNaam: staat niet op het bord.\nPostcode: geen idee."


def test_no_word_of_the_mail_is_lost(folder: Path) -> None:
    contact = read(folder)
    everything = f"{contact.message}\n{contact.quoted}"
    assert all(line in everything for line in BODY.splitlines() if line)


def test_a_form_without_an_address_is_anonymous_rather_than_the_web_servers(folder: Path) -> None:
    assert read(folder, BODY.replace("An@Post.example", "")).sender == ""


def test_labels_are_found_however_mail_programs_dress_them(folder: Path) -> None:
    dressed = BODY.replace("Voornaam:", "* Prénom\xa0:").replace("E-mail:", "> E-MAIL =").replace("Soort: ", "*Soort:*\n\n")
    contact = read(folder, dressed)
    assert (contact.sender_name, contact.sender, contact.topic) == ("An Peeters", "an@post.example", "wegdek")


def test_a_table_is_read_by_its_rows(folder: Path) -> None:
    rows = "".join(
        f"<tr><td><b>{label}</b></td><td>{value}</td></tr>"
        for label, _, value in (line.partition(": ") for line in BODY.splitlines()[:4])
    )
    rows += "<tr><th>Bericht</th><td><p>Dag,</p><p>een<br>put</p></td></tr><tr><td>Postcode</td><td>2299</td></tr>"
    page = f"<table>{rows}</table>"
    contact = read(folder, page, **{"Content-Type": "text/html; charset=utf-8"})
    assert contact.form == "street"
    assert contact.message.split() == ["Dag,", "een", "put"]
    assert contact.postcode == "2299"


def test_a_template_that_no_longer_fits_says_so_and_leaves_the_mail_whole(folder: Path) -> None:
    contact = read(folder, BODY.replace("Soort:", "Categorie:").replace("E-mail:", "Adres:"))
    assert contact.form_mail == FormMail("old", ("E-mail", "Soort"))
    assert (contact.form, contact.fields, contact.sender) == ("", {}, "web@lindervelde.example")
    assert "Categorie: Put in de weg" in contact.message


def test_other_mails_are_left_alone(folder: Path) -> None:
    assert read(folder, From="an@post.example").form_mail == FormMail()
    assert read(folder, Subject="Vraag over een melding").form_mail == FormMail()


def test_how_templates_fit_is_counted_by_day(folder: Path, database: Engine) -> None:
    with Session.begin() as session:
        builders.publish_rules(session)
        for template in (FormMail("old"), FormMail("old"), FormMail("old", ("Soort",)), FormMail()):
            builders.a_ticket(session, form_mail=template)
        day = today(session)
    with reading() as session:
        tally = session.query(FormMailTally).one()
        assert (tally.template, tally.day, tally.read, tally.misfit) == ("old", day, 2, 1)
        assert misfits(session, day) == {"old": 1}


def test_all_mistakes_of_a_template_are_told_at_once_with_their_lines() -> None:
    wrong = (
        TEMPLATE.replace("use: sender", "use: sendr")
        .replace("topic: straat", "topik: straat")
        .replace("form: street", "form: A B")
    )
    with pytest.raises(TemplateError) as caught:
        read_template(wrong.replace("labels: [Telefoon], ", "").replace("[Soort]", "[Naam]"))
    told = [str(each) for each in caught.value.mistakes]
    assert [each.partition(",")[0] for each in told] == ["line 1", "line 2", "line 3", "line 9", "line 10"]
    assert "Did you mean “sender”?" in told[3]


def test_a_template_with_mistakes_takes_no_other_along(folder: Path) -> None:
    (folder / "broken.yaml").write_text("id: [", "utf-8")
    assert [template.id for template in published(folder)] == ["old"]


def test_an_example_that_no_longer_holds_is_told(folder: Path) -> None:
    file = read_template(TEMPLATE.replace("words: x,", "words: y,").replace("Subject: Melding 1", "Subject: Melding 2"))
    assert [str(each) for each in astray(file)] == [
        "line 16, column 5: The field “words” is read as “x”. Mend the field, or the example."
    ]


@pytest.mark.parametrize("path", sorted(Settings.form_mails.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_shipped_templates_read_what_their_examples_say(path: Path) -> None:
    assert astray(read_template(path.read_text("utf-8"))) == []


def test_the_command_tells_every_mistake_and_ends_with_1(folder: Path) -> None:
    good = CliRunner().invoke(main, ["mail", "check-forms", str(folder)])
    assert (good.exit_code, "7 fields, 1 examples" in good.output) == (0, True)
    (folder / "old.yaml").write_text(TEMPLATE.replace("words: x,", "words: y,"), "utf-8")
    (folder / "x.yaml").write_text("id: x\n", "utf-8")
    wrong = CliRunner().invoke(main, ["mail", "check-forms", str(folder)])
    assert wrong.exit_code == 1
    assert "The field “words” is read as “x”." in wrong.output
    assert "x.yaml: line 1, column 1: The template lacks “form”. Add `form: …`." in wrong.output
