"""Reads a folder of real-life mails that stands outside the project, where the environment names one."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.channels.email.mails import read

FOLDER = "CONTACT_HUB_AWKWARD_MAILS"
ENOUGH = 0.95


def expectations(folder: Path) -> Iterator[tuple[str, bool]]:
    """(what is expected of which mail, whether it was read so)."""
    for name, fields in json.loads((folder / "expected.json").read_text("utf-8")).items():
        contact = read((folder / f"{name}.eml").read_bytes())
        found = {"subject": contact.subject, "from_email": contact.sender, "from_name": contact.sender_name}
        for field in found.keys() & fields.keys():
            expected = " ".join(fields[field].split()).casefold()
            yield f"{name} {field}", " ".join(found[field].split()).casefold() == expected


@pytest.mark.optional
def test_real_life_mails_are_read_as_people_read_them() -> None:
    if FOLDER not in os.environ:
        pytest.skip(f"{FOLDER} names no folder with mails and their expected.json")
    results = list(expectations(Path(os.environ[FOLDER])))

    missed = [what for what, as_expected in results if not as_expected]
    assert len(missed) <= (1 - ENOUGH) * len(results), missed
