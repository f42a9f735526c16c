"""The page about the doctor names every finding there is, with its severity."""

import re
from pathlib import Path

from contact_hub.routing.doctor import CODES, SEVERITIES

PAGE = Path(__file__).parents[2] / "docs" / "doctor.md"


def test_the_page_lists_every_code_under_its_severity() -> None:
    sections = re.split(r"^## What (\w+)$", PAGE.read_text("utf-8"), flags=re.MULTILINE)
    listed = {
        code: severity
        for severity, text in zip(sections[1::2], sections[2::2], strict=True)
        for code in re.findall(r"^\| `([a-z-]+)` \|", text, re.MULTILINE)
    }
    assert listed == dict(CODES)
    assert set(listed.values()) == set(SEVERITIES)


def test_every_code_has_a_meaning_and_a_remedy() -> None:
    rows = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| `")]
    assert all(len(cell.strip()) > 10 for row in rows for cell in row.strip("|").split(" | ")[1:])
