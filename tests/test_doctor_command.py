"""`contact-hub rules check` and `rules test`: what they print, for people and for machines, and how they end."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from contact_hub.cli import main
from contact_hub.database import Session, now
from tests.builders import RULES, a_ticket, publish_rules
from tests.commands import contact_hub
from tests.routing.rulebooks import DESK

GOOD = """
route:
  - id: gas
    when: {text: [gas, gaslek]}
    then: {queue: waste}
    examples: {yes: [gas, een gaslek], no: [water]}
"""
DEAD = GOOD + "  - {id: late, when: {text: gas, channel: email}, then: {queue: complaints}}\n"


@pytest.fixture
def checked(tmp_path: Path) -> Any:
    """Runs a command on a file with these rules."""

    def run(command: str, rules: str, *options: str) -> Result:
        path = tmp_path / "rules.yaml"
        path.write_text(DESK + rules, "utf-8")
        return CliRunner().invoke(main, ["rules", command, str(path), *options])

    return run


def test_a_finding_stands_at_its_place_with_its_code_remedy_and_message(checked: Any) -> None:
    answer = checked("check", DEAD)
    assert answer.exit_code == 1
    lines = answer.output.splitlines()
    place = next(number for number, line in enumerate(lines) if "never-wins" in line)
    assert lines[place].partition(" ")[0].endswith("rules.yaml:19:1")
    assert "“late” can never win: “gas” above it takes all it wants." in lines[place]
    assert "Move it above “gas”" in lines[place + 1]
    assert lines[place + 2].strip() == 'For example: "gas"'
    assert "is good" not in answer.output


def test_what_only_asks_or_tells_does_not_fail_the_check(checked: Any) -> None:
    answer = checked("check", GOOD)
    assert answer.exit_code == 0
    assert "unreached-queue" in answer.output
    assert "is good: 3 queues, 1 topics, 1 rules; all 3 examples and tests hold." in answer.output


def test_where_two_changes_meet_is_all_that_is_said(checked: Any) -> None:
    answer = checked("check", f"{GOOD}<<<<<<< mine\n: a\n=======\n>>>>>>> theirs\n")
    assert answer.exit_code == 1
    (line,) = answer.output.splitlines()
    assert "Both changed the same lines" in line


def test_a_failing_example_blocks(checked: Any) -> None:
    answer = checked("check", GOOD.replace("no: [water]", "no: [gas]"))
    assert answer.exit_code == 1
    assert "example-fails" in answer.output


def test_the_check_answers_machines_in_one_object(checked: Any) -> None:
    told = json.loads(checked("check", DEAD, "--json").output)
    finding = next(each for each in told["findings"] if each["code"] == "never-wins")
    assert (finding["severity"], finding["rules"], finding["line"], finding["witness"]) == (
        "blocks",
        ["late", "gas"],
        19,
        '"gas"',
    )
    assert finding["what"].startswith("“late” can never win")
    assert (told["mistakes"], told["counts"]["rules"]) == ([], 2)


def test_mistakes_answer_machines_too(checked: Any) -> None:
    answer = checked("check", GOOD.replace("waste", "wast"), "--json")
    assert answer.exit_code == 1
    [mistake] = json.loads(answer.output)["mistakes"]
    assert (mistake["line"], mistake["mend"]) == (17, "Did you mean “waste”?")


def test_a_file_of_50_mb_is_answered_at_once(checked: Any) -> None:
    for command in ("check", "test"):
        answer = checked(command, "# far too much\n" * 3_500_000)
        assert answer.exit_code == 1
        assert "The file has more than 5,000,000 characters. Is this the right file?" in answer.output


def test_the_check_speaks_four_languages(checked: Any) -> None:
    heard = {language: checked("check", GOOD, "--language", language).exit_code for language in ("nl", "fr", "en", "de")}
    assert set(heard.values()) == {0}


def test_the_check_knows_the_forms_that_citizens_fill_in(checked: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rules = GOOD.replace("{text: [gas, gaslek]}", "{form: street, form.waht: light}")
    assert "unknown-form-field" in checked("check", rules).output
    monkeypatch.setenv("CONTACT_HUB_FORMS", str(tmp_path))
    assert "unknown-form" not in checked("check", rules).output


@pytest.mark.parametrize(("setting", "spoken"), [("LANG", "nl_BE.UTF-8"), ("LC_ALL", "nl"), ("LANGUAGE", "nl:en")])
def test_commands_speak_the_language_of_the_terminal(
    checked: Any, monkeypatch: pytest.MonkeyPatch, setting: str, spoken: str
) -> None:
    monkeypatch.delenv("LANGUAGE", raising=False)
    monkeypatch.setenv(setting, spoken)
    assert "Goed om te weten:" in checked("check", GOOD).output
    assert "Good to know:" in checked("check", GOOD, "--language", "en").output
    for command in ("check", "test"):
        assert "Bedoelde je “waste”?" in checked(command, GOOD.replace("waste", "wast")).output


@pytest.mark.parametrize("spoken", ["C.UTF-8", "POSIX", "pl_PL.UTF-8", "", "no"])
def test_a_terminal_that_speaks_none_of_the_four_languages_reads_english(
    checked: Any, monkeypatch: pytest.MonkeyPatch, spoken: str
) -> None:
    monkeypatch.setenv("LANGUAGE", spoken)
    assert "Good to know:" in checked("check", GOOD).output


def test_past_tickets_tell_which_rules_never_matched(
    database: Engine, database_url: str, redis_url: str, tmp_path: Path
) -> None:
    with Session.begin() as session:
        publish_rules(session)
        a_ticket(session, message="Een boom ligt om", received=now())
    path = tmp_path / "rules.yaml"
    path.write_text(RULES.replace("route:\n", "route:\n  - {id: rare, when: {text: nooit}, then: {queue: groen}}\n"), "utf-8")
    settings = {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "SECRET_KEY": "0123456789" * 4}
    answer = contact_hub("rules", "check", str(path), "--last", "30d", "--json", **settings)
    found = [each for each in json.loads(answer.stdout)["findings"] if each["code"] == "never-matched"]
    assert "rare" in [rule for each in found for rule in each["rules"]]
    assert all("1 tickets of the last 30 days" in each["what"] for each in found)
    assert json.loads(answer.stdout)["counts"]["past tickets left out"] == 0


def test_the_mutation_score_names_what_is_unprotected(checked: Any) -> None:
    answer = checked("test", GOOD.replace(", een gaslek", ""))
    assert answer.exit_code == 0
    assert "rules.yaml:16:1 gas: unprotected word gaslek" in answer.output
    assert "Mutation score: 0.50 (1 of 2 parts are protected)." in answer.output


def test_a_score_below_the_least_fails(checked: Any) -> None:
    assert checked("test", GOOD, "--least", "0.8").exit_code == 0
    assert checked("test", GOOD.replace(", een gaslek", ""), "--least", "0.8").exit_code == 1


def test_the_score_answers_machines_in_one_object(checked: Any) -> None:
    told = json.loads(checked("test", GOOD.replace(", een gaslek", ""), "--json").output)
    assert (told["score"], told["samples"], told["rules"]) == (0.5, 2, {"exercised": 1, "of": 1})
    assert told["unprotected"] == [{"kind": "word", "written": "gaslek", "rules": ["gas"], "line": 16}]


def test_a_failing_example_fails_the_tests(checked: Any) -> None:
    answer = checked("test", GOOD.replace("no: [water]", "no: [gas]"))
    assert answer.exit_code == 1
    assert "2 of 3 examples and tests hold." in answer.output
