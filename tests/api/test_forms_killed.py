"""The web process is killed while forms are posted: every 201 that was ever answered stands in the database, once."""

import random
import threading
import time
from pathlib import Path

import pytest
import requests
from sqlalchemy import Engine, select

from contact_hub.arrivals import TakenContact
from contact_hub.database import Session, reading
from contact_hub.tickets import Ticket
from tests.builders import publish_rules
from tests.servers import free_port
from tests.servers.processes import port_answers
from tests.workers import hub as seen
from tests.workers.hub import Hub

FORMS = 120
SENDERS = 4
KILLED = 5
SEED = random.SystemRandom().randrange(1 << 32)

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]


class Site:
    """A municipality's own site: posts its forms one after the other, each until it is answered."""

    def __init__(self, address: str) -> None:
        self._address = f"{address}/api/v1/forms/question"
        self._numbers = iter(range(FORMS))
        self._lock = threading.Lock()
        self.receipts: dict[int, set[str]] = {number: set() for number in range(FORMS)}

    @property
    def answered(self) -> int:
        """How many forms have their receipt."""
        return sum(map(bool, self.receipts.values()))

    def post_all(self) -> None:
        while (number := self._next()) is not None:
            while not self.receipts[number]:
                self._post(number)

    def _next(self) -> int | None:
        with self._lock:
            return next(self._numbers, None)

    def _post(self, number: int) -> None:
        form = {"fields": {"subject": f"Vraag {number}", "question": "Wanneer is het loket open?"}}
        try:
            answer = requests.post(self._address, json=form, headers={"Idempotency-Key": f"form-{number}"}, timeout=20)
        except requests.RequestException:
            time.sleep(0.05)  # nobody there: it is tried again
            return
        if answer.status_code in {200, 201}:
            self.receipts[number].add(answer.json()["reference"])


def test_killed_amid_forms_the_web_process_loses_and_doubles_nothing(
    database: Engine, database_url: str, redis_url: str, tmp_path: Path
) -> None:
    print(f"seed {SEED}")
    lot = random.Random(SEED)
    with Session.begin() as session:
        publish_rules(session)
    port = free_port()
    site = Site(f"http://127.0.0.1:{port}")
    senders = [threading.Thread(target=site.post_all, daemon=True) for _ in range(SENDERS)]
    with Hub(tmp_path, database_url=database_url, redis_url=redis_url, secret_key="k" * 40, log_level="WARNING") as hub:
        for sender in senders:
            sender.start()
        for kill in range(KILLED):
            web = hub.start("web", "--port", str(port))
            enough = FORMS * (kill + 1) // (KILLED + 1)
            hub.until(lambda enough=enough: site.answered >= enough, what="some forms are taken in", seconds=60)
            time.sleep(lot.uniform(0, 0.05))  # the moment is drawn by lot
            seen.kill(web)
        hub.start("web", "--port", str(port))
        hub.until(lambda: port_answers(port), what="the web process answers")
        for sender in senders:
            sender.join(120)
    with reading() as session:
        stored = {ticket.reference for ticket in session.scalars(select(Ticket))}
        contacts = session.scalars(select(TakenContact.external_id)).all()
    assert all(len(references) == 1 for references in site.receipts.values())
    assert set.union(*site.receipts.values()) == stored
    assert len(contacts) == FORMS
    assert seen.counts_close("webform")
