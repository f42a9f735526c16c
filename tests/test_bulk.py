"""Several tickets at once: each done or refused for itself, taken back while nobody went on, and never lost half-way."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from contact_hub import bulk, slips, tickets
from contact_hub.agents import Agent, Membership
from contact_hub.bulk import Bulk
from contact_hub.database import Session, now
from contact_hub.tickets import Refused, Ticket
from tests.builders import a_contact, an_agent, publish_rules, some_tickets

HANDED = {"queue": "wegen", "reason": "Hun straat", "promise": "deze week"}


@pytest.fixture
def anna(database: Engine) -> Agent:
    with Session.begin() as session:
        publish_rules(session)
        agent = an_agent(session, "agent", "onthaal")
    return agent


def come_in(number: int, **given: object) -> list[int]:
    with Session.begin() as session:
        return [each.id for each in some_tickets(session, *(a_contact(**given) for _ in range(number)))]


def done(anna: Agent, verb: str, asked: dict[str, object], ids: list[int]) -> int:
    with Session.begin() as session:
        number = bulk.begin(session, verb, asked, ids, by=anna).id
    assert bulk.proceed(number)
    return number


def undone(number: int) -> None:
    with Session.begin() as session:
        bulk.undo(session, session.get_one(Bulk, number))
    assert bulk.proceed(number)


def tally(number: int) -> dict[str, int]:
    with Session() as session:
        return bulk.tally(session, session.get_one(Bulk, number))


def looks(ids: list[int]) -> list[tuple[str, str, int | None, tuple[str, ...]]]:
    with Session() as session:
        found = [session.get_one(Ticket, each) for each in ids]
        return [(each.queue_id, each.status, each.owner_id, tuple(each.tags)) for each in found]


@pytest.mark.parametrize(
    ("verb", "asked", "after"),
    [
        ("assign", {"agent": 1}, ("onthaal", "open", 1, ())),
        ("hand-over", HANDED, ("wegen", "new", None, ())),
        ("tag", {"add": ["markt"]}, ("onthaal", "new", None, ("markt",))),
        ("resolve", {"outcome": "resolved_first_line"}, ("onthaal", "resolved", None, ())),
    ],
)
def test_each_ticket_is_done_and_is_as_it_was_after_an_undo(
    anna: Agent, verb: str, asked: dict[str, object], after: tuple[object, ...]
) -> None:
    ids = come_in(3)
    number = done(anna, verb, asked | ({"agent": anna.id} if verb == "assign" else {}), ids)
    assert looks(ids) == [after] * 3
    assert tally(number) == {"done": 3}

    undone(number)

    assert tally(number) == {"undone": 3}
    assert [look[0] for look in looks(ids)] == ["onthaal"] * 3
    assert all(status != "resolved" and owner is None and tags == () for _, status, owner, tags in looks(ids))


def test_what_one_ticket_is_refused_the_others_get(anna: Agent) -> None:
    resolved, [free] = come_in(1), come_in(1)
    with Session.begin() as session:
        session.get_one(Ticket, resolved[0]).resolve(by=anna, outcome="spam")
    secret = come_in(1, message="ombudsman")

    number = done(anna, "hand-over", HANDED, [*resolved, free, *secret])

    assert tally(number) == {"refused": 2, "done": 1}
    assert looks([free])[0][0] == "wegen"


def test_what_somebody_went_on_with_is_not_taken_back(anna: Agent) -> None:
    ids = come_in(2)
    number = done(anna, "tag", {"add": ["markt"]}, ids)
    with Session.begin() as session:
        session.get_one(Ticket, ids[0]).claim(anna)

    undone(number)

    assert tally(number) == {"kept": 1, "undone": 1}
    assert [look[3] for look in looks(ids)] == [("markt",), ()]


def test_an_undo_comes_too_late_after_ten_minutes_or_a_second_time(anna: Agent) -> None:
    number = done(anna, "tag", {"add": ["markt"]}, come_in(1))
    undone(number)
    with pytest.raises(Refused, match="bulk_too_late"):
        undone(number)
    other = done(anna, "tag", {"add": ["markt"]}, come_in(1))
    with Session.begin() as session:
        session.get_one(Bulk, other).ended_at = now() - slips.UNDO - timedelta(seconds=1)
    with pytest.raises(Refused, match="bulk_too_late"):
        undone(other)


def test_what_was_broken_off_goes_on_where_it_was(anna: Agent) -> None:
    ids = come_in(5)
    with Session.begin() as session:
        number = bulk.begin(session, "tag", {"add": ["markt"]}, ids, by=anna).id
    assert not bulk.proceed(number, most=2)
    assert tally(number) == {"done": 2, "waiting": 3}
    with Session() as session:
        assert bulk.unfinished(session) == [number]

    assert bulk.proceed(number)
    assert bulk.proceed(number)  # once more changes nothing

    assert tally(number) == {"done": 5}
    with Session() as session:
        assert bulk.unfinished(session) == []
        assert {len(tickets.find(session, session.get_one(Ticket, each).reference).tags) for each in ids} == {1}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("verb", "asked", "code"),
    [
        ("burn", {}, "bulk_unknown"),
        ("hand-over", HANDED | {"queue": "moon"}, "queue_missing"),
        ("hand-over", HANDED | {"reason": " "}, "reason_missing"),
        ("hand-over", HANDED | {"promise": ""}, "promise_missing"),
        ("assign", {"agent": 99}, "colleague_missing"),
        ("tag", {}, "bulk_no_tags"),
        ("resolve", {}, "unknown_outcome"),
    ],
)
def test_what_no_ticket_could_be_asked_is_refused_before_any_is(
    anna: Agent, verb: str, asked: dict[str, object], code: str
) -> None:
    with Session.begin() as session, pytest.raises(Refused, match=code):
        bulk.begin(session, verb, asked, [1], by=anna)


def test_none_and_too_many_are_refused(anna: Agent) -> None:
    with Session.begin() as session:
        with pytest.raises(Refused, match="bulk_empty"):
            bulk.begin(session, "tag", {"add": ["x"]}, [], by=anna)
        with pytest.raises(Refused, match="bulk_too_many"):
            bulk.begin(session, "tag", {"add": ["x"]}, list(range(1, bulk.MOST + 2)), by=anna)


def test_it_is_done_and_undone_with_the_rights_somebody_has_by_then(anna: Agent) -> None:
    ids = come_in(2, message="over de ombudsman") + come_in(1)
    with Session.begin() as session:
        both = an_agent(session, "back_office", "onthaal", "ombuds", name="Olga Bal")
        begun = bulk.begin(session, "tag", {"add": ["markt"]}, ids, by=both).id
    has_now(both, "onthaal")
    bulk.proceed(begun)

    assert tally(begun) == {"refused": 2, "done": 1}
    has_now(both, "ombuds")
    undone(begun)
    assert tally(begun) == {"refused": 2, "kept": 1}


def test_a_hand_over_out_of_sight_is_undone_by_who_sees_where_it_comes_back(anna: Agent) -> None:
    number = done(anna, "hand-over", HANDED | {"queue": "ombuds"}, come_in(1))

    undone(number)

    assert tally(number) == {"undone": 1}


def has_now(agent: Agent, *queues: str) -> None:
    with Session.begin() as session:
        session.get_one(Agent, agent.id).memberships = [Membership(queue_id=each) for each in queues]
