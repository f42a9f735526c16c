"""Each mailbox has a queue of its own for what no other rule takes, whatever its mails say of where they went."""

from threading import Event

import pytest
from sqlalchemy import Engine, select

from channels.email.mailbox import Folder
from channels.email.mailbox_address import parse
from contact_hub.database import Session, reading
from contact_hub.tickets import Ticket
from tests.builders import RULES, publish_rules
from tests.servers import ImapServer
from tests.workers.mails import a_mail
from workers.catching_up import CatchingUp
from workers.reconciling import Walk, listed_in

OF_PARKS = "  - {id: parks, why: Their own mailbox, when: {recipient: [groen@lindervelde.example]}, then: {queue: groen}}\n"


@pytest.fixture(autouse=True)
def _rules(database: Engine) -> None:
    with Session.begin() as session:
        publish_rules(session, RULES.replace("default:", f"{OF_PARKS}default:"))


def test_what_no_other_rule_takes_goes_to_the_queue_of_its_mailbox(imap: ImapServer) -> None:
    imap.append(a_mail(1, To="undisclosed-recipients:;"), folder="Groen")
    imap.append(a_mail(2, To="iedereen@elders.example"))
    imap.append(a_mail(3, Subject="Een put in de weg", To="iedereen@elders.example"), folder="Groen")
    for url in (f"{imap.url_of('Groen')}?to=Groen@lindervelde.example", imap.url):
        with Folder(parse(url)) as folder, CatchingUp(folder, stop=Event(), still_ours=lambda: None) as catching_up:
            catching_up.take_all()
    assert queues() == {"Een vraag, nummer 1": "groen", "Een vraag, nummer 2": "onthaal", "Een put in de weg": "wegen"}


def test_what_reconciling_takes_in_goes_there_too(imap: ImapServer) -> None:
    imap.append(a_mail(1, To="undisclosed-recipients:;"), folder="Groen")
    with Folder(parse(f"{imap.url_of('Groen')}?to=groen@lindervelde.example"), readonly=True) as folder:
        Walk(folder).take_in(listed_in(folder, None))
    assert queues() == {"Een vraag, nummer 1": "groen"}


def test_a_user_that_is_an_address_names_the_mailbox() -> None:
    assert parse("imaps://groen%40lindervelde.example:geheim@mail.example").to == "groen@lindervelde.example"
    assert parse("imaps://groen:geheim@mail.example").to == ""


def queues() -> dict[str, str]:
    with reading() as session:
        return dict(session.execute(select(Ticket.subject, Ticket.queue_id)).all())
