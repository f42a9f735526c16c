"""The schedule follows the rules file and is kept by one process at a time."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from contact_hub import rules_file
from contact_hub.database import Session, now, reading
from contact_hub.editions import Edition
from contact_hub.tickets import Ticket
from tests.builders import RULES, a_ticket, an_agent, queue
from tests.workers import hub as seen
from tests.workers.conftest import StartHub

pytestmark = pytest.mark.timeout(200)


def test_a_changed_rules_file_is_published(hub: StartHub, tmp_path: Path) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text(RULES, "utf-8")
    keeping = hub(rules=str(rules))
    process = keeping.start("schedule")
    keeping.until(lambda: seal() in keeping.log(), what="the file is followed")
    rules.write_text(RULES.replace("Roads mends them", "Roads repairs them"), "utf-8")
    keeping.until(lambda: "Roads repairs them" in newest(), what="the new rules decide")
    keeping.until(lambda: seal() in keeping.log(), what="the seal of the new edition is logged")
    rules.write_text("format: 1\nroute: what?\n", "utf-8")
    keeping.until(lambda: mistakes() > 0, what="the mistakes are shown")
    assert "Roads repairs them" in newest()
    rules.write_text(RULES, "utf-8")
    keeping.until(lambda: "Roads mends them" in newest() and mistakes() == 0, what="the mended rules decide")
    assert seen.stop(process) == 0


def test_of_two_schedules_one_works_and_the_other_takes_over(hub: StartHub, tmp_path: Path) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text(RULES, "utf-8")
    keeping = hub(rules=str(rules))
    first = keeping.start("schedule")
    keeping.until(lambda: seal() in keeping.log(), what="the first one works")
    keeping.start("schedule")
    keeping.until(lambda: "waiting: another process does this" in keeping.log(), what="the second one waits")
    seen.kill(first)
    rules.write_text(RULES.replace("Roads mends them", "Roads repairs them"), "utf-8")
    keeping.until(lambda: "Roads repairs them" in newest(), what="the second one took over")


def test_what_was_handed_over_and_nobody_accepts_goes_back(hub: StartHub, tmp_path: Path) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text(RULES, "utf-8")
    keeping = hub(rules=str(rules))
    with Session.begin() as session:
        ticket = a_ticket(session)
        number = ticket.id
        ticket.hand_over(to=queue(session, "wegen"), by=an_agent(session), because="voor de ploeg", promise="you hear from us")
        ticket.segment.accept_by = now() - timedelta(minutes=1)
    keeping.start("schedule")
    keeping.until(lambda: standing(number) == "onthaal", what="the ticket is back at the reception")
    keeping.until(lambda: "hand-overs nobody accepted went back" in keeping.log(), what="it is logged")


def standing(number: int) -> str:
    with reading() as session:
        return session.get_one(Ticket, number).queue_id


def newest() -> str:
    with reading() as session:
        return session.scalars(select(Edition.text).order_by(Edition.id.desc())).first() or ""


def seal() -> str:
    with reading() as session:
        return session.scalars(select(Edition.hash).order_by(Edition.id.desc())).first() or ""


def mistakes() -> int:
    with Session() as session:
        return len(rules_file.mistakes_in_file(session))
