"""Two persons of one name: declined they stay two, and made one by mistake each has again all that is theirs."""

from contact_hub.database import Session
from contact_hub.identity import PersonMerge
from contact_hub.people import Person
from tests import builders
from tests.web.conftest import Desk, the_ticket


def came_in(sender: str) -> str:
    with Session.begin() as session:
        return builders.a_ticket(session, sender=sender, sender_name="Roos Peeters").reference


def person_of(reference: str) -> int:
    with Session() as session:
        return the_ticket(session, reference).person_id or 0


def test_declined_they_are_not_proposed_again_from_either_side(reception: Desk) -> None:
    one, other = came_in("roos@example.org"), came_in("rp@example.org")
    assert "Perhaps the same person" in reception.page(f"/tickets/{one}")

    reception.post(f"/tickets/{one}/not-same-person", person=f"{person_of(other)}")

    for reference in (one, other):
        assert "Perhaps the same person" not in reception.page(f"/tickets/{reference}")
    assert reception.post(f"/tickets/{one}/same-person", person=f"{person_of(other)}").status_code == 409


def test_parted_again_what_came_in_meanwhile_goes_to_whose_address_it_is(reception: Desk) -> None:
    one, other = came_in("roos@example.org"), came_in("rp@example.org")
    first, second = person_of(one), person_of(other)
    reception.post(f"/tickets/{one}/same-person", person=f"{second}")
    meanwhile, own = came_in("rp@example.org"), came_in("roos@example.org")
    assert person_of(meanwhile) == first

    with Session() as session:
        merge = session.query(PersonMerge).one().id
    reception.post(f"/tickets/{one}/other-person", merge=f"{merge}")

    assert [person_of(each) for each in (one, other, meanwhile, own)] == [first, second, second, first]
    with Session() as session:
        owned = {person.id: [each.value for each in person.addresses] for person in session.query(Person)}
    assert owned == {first: ["roos@example.org"], second: ["rp@example.org"]}
