"""Who is at a ticket is known for a short while only."""

from contact_hub.presence import Here, Presence
from tests.servers.processes import wait_until

ANNA, BRAM = Here(1, "Anna", writes=False), Here(2, "Bram", writes=False)


def test_somebody_without_a_sign_of_life_is_no_longer_there(redis_url: str) -> None:
    presence = Presence(redis_url, stays=0.2)
    presence.sign("26-000001-D", "a page", ANNA)
    assert presence.who(["26-000001-D"]) == {"26-000001-D": [ANNA]}

    wait_until(lambda: presence.who(["26-000001-D"]) == {}, seconds=20, otherwise=AssertionError)


def test_two_pages_of_one_person_are_one_who_writes_where_either_does(redis_url: str) -> None:
    presence = Presence(redis_url)
    writing = Here(1, "Anna", writes=True)
    presence.sign("26-000001-D", "one page", writing)
    presence.sign("26-000001-D", "another", ANNA)
    presence.sign("26-000001-D", "a third", BRAM)
    assert presence.who(["26-000001-D", "26-000002-B"]) == {"26-000001-D": [writing, BRAM]}

    presence.leave("26-000001-D", "one page")

    assert presence.who(["26-000001-D"]) == {"26-000001-D": [ANNA, BRAM]}
