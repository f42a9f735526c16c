"""The recipes and the commands of the guide to the rules work as they stand, on the desk that ships."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from contact_hub.cli import main
from contact_hub.database import Session, connect, disconnect, reading
from contact_hub.editions import Edition
from contact_hub.routing.file.rulebook import read_rulebook
from tests.builders import RULES, publish_rules

ROOT = Path(__file__).parent.parent
GUIDE = (ROOT / "docs" / "rules.md").read_text("utf-8")
COMMANDS = re.findall(r"^\.venv/bin/contact-hub (.+?)(?:  +#.*)?$", GUIDE, re.MULTILINE)
DESK = (ROOT / "routing_rules.yaml").read_text("utf-8").partition("\nlists:")[0]
RECIPES = re.findall(r"^### \d+\. (.+?)\n(.*?)^```yaml\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)
REST = "\ndefault: {queue: onthaal}\n"


def test_there_are_ten_recipes() -> None:
    assert len(RECIPES) == 10


@pytest.mark.parametrize(("title", "words", "yaml"), RECIPES, ids=[title for title, _, _ in RECIPES])
def test_a_recipe_keeps_its_own_examples(title: str, words: str, yaml: str) -> None:
    book = read_rulebook(f"{DESK}\n{yaml}{REST}")
    assert words.strip(), title
    assert [f"{each.example} {each.what}" for each in book.examples_astray()] == []
    assert all(rule.name and rule.why and rule.yes and rule.no for rule in book.rules)


def test_the_recipes_stand_together_in_one_file() -> None:
    lists = "".join(part for _, _, yaml in RECIPES for part in re.findall(r"^lists:\n((?:  .*\n)+)", yaml, re.MULTILINE))
    sections = {
        name: "".join(part for _, _, yaml in RECIPES for part in re.findall(rf"^{name}:\n((?:  .*\n)+)", yaml, re.MULTILINE))
        for name in ("label", "route")
    }
    whole = f"{DESK}\nlists:\n{lists}" + "".join(f"{name}:\n{rules}" for name, rules in sections.items()) + REST
    assert len(read_rulebook(whole).rules) == 11


@pytest.mark.parametrize("text", re.findall(r"^```yaml\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL))
def test_every_piece_of_rules_in_the_guide_can_be_read(text: str) -> None:
    if text.startswith("calendars:"):
        desk = re.sub(r"^calendars:\n(?:  .*\n)+", text, DESK + "\n", flags=re.MULTILINE)
        read_rulebook(re.sub(r"\n    calendar: \S+", "", desk) + REST)
    else:
        read_rulebook(f"{DESK}\n{text}{REST}")


@pytest.fixture
def beside_a_hub(sqlite_url: str, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A folder in which commands find a hub with small rules in force."""
    settings = {"DATABASE_URL": sqlite_url, "REDIS_URL": redis_url, "SECRET_KEY": "0123456789" * 4}
    for name, value in settings.items():
        monkeypatch.setenv(f"CONTACT_HUB_{name}", value)
    monkeypatch.chdir(tmp_path)
    connect(sqlite_url)
    with Session.begin() as session:
        publish_rules(session)
    yield
    disconnect()


@pytest.mark.usefixtures("beside_a_hub")
def test_the_commands_of_the_guide_work_as_they_stand_one_after_the_other() -> None:
    for line in COMMANDS:
        answer = CliRunner().invoke(main, shlex.split(line))
        assert (line, answer.exit_code) == (line, 0), answer.output
        if "export" in line:
            Path("draft.yaml").write_text(RULES.replace("[boom]", "[boom, tak]"), "utf-8")
    with reading() as session:
        assert [each.text == RULES for each in session.query(Edition).order_by(Edition.id)] == [True, False, True]
