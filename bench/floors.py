"""The floors: what fetching, parsing and inserting the same mails cost when nothing else is done."""

import email
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from imapclient import IMAPClient
from sqlalchemy import Table, select

from contact_hub import tables
from contact_hub.database import engine_for, migrate

BATCH = 50
LEFT_OUT = {"tally", "lease", "mailbox", "rules_file", "set_aside"}
Row = dict[str, Any]


def fetch(host: str, port: int, user: str, password: str) -> float:
    """Seconds to fetch every mail of the INBOX, in batches, and nothing else."""
    with IMAPClient(host, port=port, ssl=False) as client:
        client.login(user, password)
        client.select_folder("INBOX", readonly=True)
        start = time.perf_counter()
        uids = client.search()
        for batch in _batches(uids):
            client.fetch(batch, ["BODY.PEEK[]", "INTERNALDATE"])
        return time.perf_counter() - start


def parse(mails: Sequence[bytes]) -> float:
    """Seconds for the standard library to parse each mail and decode each part."""
    start = time.perf_counter()
    for raw in mails:
        for part in email.message_from_bytes(raw).walk():
            part.get_payload(decode=True)
    return time.perf_counter() - start


def insert(source: str, target: str) -> float:
    """Seconds to insert the very rows the hub wrote in `source` into the empty database `target`, a commit a batch."""
    migrate(target)
    batches = _rows_by_batch(source)
    engine = engine_for(target)
    with engine.begin() as connection:
        for table, rows in next(batches):
            connection.execute(table.insert(), rows)
    spent = 0.0
    for batch in batches:
        start = time.perf_counter()
        with engine.begin() as connection:
            for table, rows in batch:
                connection.execute(table.insert(), rows)
        spent += time.perf_counter() - start
    engine.dispose()
    return spent


def _rows_by_batch(source: str) -> Iterator[list[tuple[Table, list[Row]]]]:
    """First what every contact leans on (queues, editions), then the rows of 50 contacts at a time, table by table."""
    engine = engine_for(source)
    with engine.connect() as connection:
        every = {
            table: [dict(row) for row in connection.execute(select(table).order_by(*table.primary_key)).mappings()]
            for table in tables.metadata.sorted_tables
            if table.name not in LEFT_OUT
        }
    engine.dispose()
    places = _places(every)
    spread: dict[int, list[tuple[Table, list[Row]]]] = defaultdict(list)
    for table, rows in every.items():
        by_batch: dict[int, list[Row]] = defaultdict(list)
        for row in rows:
            by_batch[_place(table, row, places)].append(row)
        for number, batch in by_batch.items():
            spread[number].append((table, batch))
    for number in sorted(spread):
        yield spread[number]


def _places(every: dict[Table, list[Row]]) -> dict[tuple[str, Any], int]:
    """The batch of each person, ticket, contact, message and file: that of the first contact that needs it."""
    rows = {table.name: found for table, found in every.items()}
    places: dict[tuple[str, Any], int] = {}
    for index, contact in enumerate(rows["contact"]):
        place = index // BATCH + 1
        places["contact", contact["id"]] = place
        places.setdefault(("person", contact["person_id"]), place)
        places.setdefault(("blob_part", contact["raw_sha256"]), place)
    for decision in rows["decision"]:
        places["ticket", decision["ticket_id"]] = places["contact", decision["contact_id"]]
    for message in rows["message"]:
        owner = ("contact", message["contact_id"]) if message["contact_id"] else ("ticket", message["ticket_id"])
        places["message", message["id"]] = places[owner]
    for attachment in rows["attachment"]:
        places.setdefault(("blob_part", attachment["sha256"]), places["message", attachment["message_id"]])
    return places


def _place(table: Table, row: Row, places: dict[tuple[str, Any], int]) -> int:
    own = places.get((table.name, row.get("sha256" if table.name == "blob_part" else "id")))
    needed = [places.get((key.column.table.name, row[key.parent.name]), 0) for key in table.foreign_keys]
    return own or max(needed, default=0)


def _batches(items: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]
