"""The page of a person tells what they asked on every door, and no more of it than whoever looks may know."""

import re

from contact_hub.database import Session
from tests import builders
from tests.web.conftest import Desk, SignIn, the_ticket

ROOS = "roos@example.org"


def asked(subject: str, **given: object) -> str:
    with Session.begin() as session:
        return builders.a_ticket(session, sender=ROOS, subject=subject, **given).reference


def shown(page: str) -> list[str]:
    return re.findall(r'id="ticket-([0-9A-Z-]+)"', page)


def person_of(reference: str) -> int:
    with Session() as session:
        return the_ticket(session, reference).person_id or 0


def test_open_tickets_come_first_and_each_tells_its_contacts(reception: Desk) -> None:
    done, reference = asked("een boom"), asked("pothole", message_id="eerst@example.org")
    latest = asked("openingsuren", channel="phone")
    asked("Re: pothole", answers=("eerst@example.org",))
    with Session.begin() as session:
        the_ticket(session, done).status = "resolved"

    page = reception.page(f"/persons/{person_of(reference)}")

    assert shown(page) == [latest, reference, done]
    assert page.split(f'id="ticket-{reference}"')[1].split("card")[0].count("<time") == 2
    assert f'href="/persons/{person_of(reference)}"' in reception.page(f"/tickets/{done}")


def test_of_a_restricted_ticket_stands_that_it_exists_and_of_a_confidential_one_nothing(
    reception: Desk, sign_in: SignIn
) -> None:
    plain, restricted, secret = asked("pothole"), asked("belasting te hoog"), asked("ombudsman, een klacht")
    page = reception.page(f"/persons/{person_of(plain)}")
    assert shown(page) == [restricted, plain]
    assert ("belasting te hoog" in page, "Taxes" in page, secret in page) == (False, False, False)
    beside = reception.page(f"/tickets/{plain}")
    assert (restricted in beside, "belasting te hoog" in beside, secret in beside) == (True, False, False)
    ombuds = sign_in("back_office", "ombuds")
    assert shown(ombuds.page(f"/persons/{person_of(secret)}")) == [secret]
    assert ombuds.get(f"/persons/{person_of(plain)}").status_code == 404
    assert sign_in("back_office", "groen").get(f"/persons/{person_of(plain)}").status_code == 404


def test_the_list_goes_on_page_by_page(reception: Desk) -> None:
    with Session.begin() as session:
        contacts = [builders.a_contact(sender=ROOS, subject=f"vraag {each}") for each in range(22)]
        references = [each.reference for each in builders.some_tickets(session, *contacts)]
    with Session.begin() as session:
        for each in references[:2]:
            the_ticket(session, each).status = "resolved"
    path = f"/persons/{person_of(references[0])}"
    first = reception.page(path)
    onward = re.search(r'href="([^"]+)" id="pager-next"', first)
    assert onward
    assert shown(first) + shown(reception.page(onward[1])) == [*reversed(references[2:]), *reversed(references[:2])]
