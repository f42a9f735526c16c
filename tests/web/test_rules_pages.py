"""A supervisor changes the rules in the browser, without scripts: draft, check, try, publish, compare, roll back."""

import re
from html import unescape
from pathlib import Path

import lxml.html
import pytest
from sqlalchemy import delete, select
from werkzeug.test import TestResponse

from contact_hub import drafts, next_edition, rules_file
from contact_hub.database import Session, reading
from contact_hub.drafts import Draft
from contact_hub.editions import CompiledEdition, Edition
from tests.builders import RULES, a_ticket
from tests.web.conftest import Desk, SignIn

pytestmark = pytest.mark.either_database

WITH_METEORS = RULES.replace("[gevaar]", "[gevaar, meteoor]")
WITHOUT_PARKS = "".join(line for line in RULES.splitlines(keepends=True) if "groen" not in line)
DRAFT = "/rules/drafts/1"


@pytest.fixture
def sofie(sign_in: SignIn) -> Desk:
    return sign_in("supervisor", name="Sofie Janssens")


@pytest.fixture
def drafting(sofie: Desk) -> Desk:
    """Sofie has begun a draft."""
    sofie.post("/rules/drafts")
    return sofie


def work(desk: Desk, do: str, text: str = WITH_METEORS, reason: str = "A meteor fell.", **more: str) -> TestResponse:
    """Fills in the draft's form and presses a button."""
    version = re.search(r'name="version" value="(\d+)"', desk.page(DRAFT))
    assert version
    typed = text.replace("\n", "\r\n")  # as browsers do
    return desk.post(DRAFT, do=do, text=typed, reason=reason, version=version[1], **more)


def publish_elsewhere(text: str, author: str = "Anna Claes") -> None:
    with Session.begin() as session:
        next_edition.publish(session, text, author=author, reason="in the meantime")


def words(page: str) -> str:
    """What a page or a part of one says, with single spaces."""
    return " ".join(" ".join(lxml.html.fromstring(f"<div>{page}</div>").itertext()).split())


def texts() -> list[str]:
    with reading() as session:
        return list(session.scalars(select(Edition.text).order_by(Edition.id)))


@pytest.mark.parametrize("path", ["/rules/diff", "/rules/rule/trees", "/rules/editions/1/file"])
def test_agents_do_not_reach_the_pages_that_change_rules(sign_in: SignIn, path: str) -> None:
    assert sign_in("agent").get(path).status_code == 403
    assert sign_in("agent").post("/rules/drafts").status_code == 403


def test_a_draft_begins_with_the_text_that_decides_and_stands_in_the_list(drafting: Desk) -> None:
    assert RULES in unescape(drafting.page(DRAFT))
    assert "Draft of Sofie Janssens" in drafting.page("/rules")


def test_a_draft_that_nobody_named_is_called_in_the_language_of_whoever_reads(drafting: Desk, sign_in: SignIn) -> None:
    marie = sign_in("supervisor", name="Marie Lambert")
    marie.post("/language", language="fr")
    assert "Brouillon de Sofie Janssens" in marie.page("/rules")
    assert "<h1>Brouillon de Sofie Janssens</h1>" in marie.page(DRAFT)
    assert "Brouillon de Sofie Janssens" in marie.page("/rules/rule/trees")
    assert marie.client.get("/api/v1/rules/drafts").json[0]["name"] == "Brouillon de Sofie Janssens"
    assert "Draft of Sofie Janssens" in drafting.page("/rules")
    with Session.begin() as session:
        session.get_one(Draft, 1).name = "Meteors"
    assert "<h1>Meteors</h1>" in marie.page(DRAFT)


def test_what_is_typed_is_kept_and_checked(drafting: Desk) -> None:
    work(drafting, "keep", text=RULES.replace("queue: groen", "queue: grien"), reason="so far")
    page = unescape(drafting.page(DRAFT))
    assert "queue: grien" in page
    assert "so far" in page
    assert "1 thing must be mended first" in page
    assert texts() == [RULES]


def test_a_draft_is_published_with_its_reason_and_is_done_with(drafting: Desk) -> None:
    assert work(drafting, "publish").headers["Location"] == "/rules"
    assert texts() == [RULES, WITH_METEORS]
    page = drafting.page("/rules")
    assert "Edition 2 decides from now on." in page
    assert "Published by Sofie Janssens: A meteor fell." in page
    assert "Draft of" not in page
    assert drafting.get(DRAFT).request.path == "/rules/editions/2"


def test_without_a_reason_nothing_is_published_and_nothing_typed_is_lost(drafting: Desk) -> None:
    answer = work(drafting, "publish", reason=" ")
    assert answer.status_code == 422
    assert "Say why" in answer.text
    assert "meteoor" in answer.text
    assert texts() == [RULES]


def test_a_draft_with_mistakes_is_not_published(drafting: Desk) -> None:
    answer = work(drafting, "publish", text="nonsense")
    assert answer.status_code == 422
    assert "mend what is listed first" in answer.text
    assert texts() == [RULES]


def test_the_second_of_two_supervisors_sees_what_the_first_changed_and_how_to_go_on(drafting: Desk) -> None:
    publish_elsewhere(WITHOUT_PARKS)
    answer = work(drafting, "publish")
    assert answer.status_code == 409
    page = unescape(answer.text)
    assert "Anna Claes published edition 2" in page
    assert "in the meantime" in page
    assert "Your rules send contacts to a queue that was just taken away" in page
    assert "-  - {id: groen" in page
    assert texts() == [RULES, WITHOUT_PARKS]


def test_both_changes_are_brought_together(drafting: Desk) -> None:
    publish_elsewhere("# from Anna\n" + RULES)
    work(drafting, "publish")
    drafting.post(DRAFT, do="merge")
    assert unescape(drafting.page(DRAFT)).count("# from Anna") == 1
    work(drafting, "publish", text="# from Anna\n" + WITH_METEORS)
    assert texts()[-1] == "# from Anna\n" + WITH_METEORS


def test_where_both_changed_the_same_line_both_stand_there(drafting: Desk) -> None:
    publish_elsewhere(RULES.replace("[gevaar]", "[gevaar, komeet]"))
    work(drafting, "publish")
    drafting.post(DRAFT, do="merge")
    page = unescape(drafting.page(DRAFT))
    assert "komeet" in page
    assert "meteoor" in page
    assert "<<<<<<< my draft" in page
    assert "1 thing must be mended first" in page
    assert re.search(r"Both changed the same lines \(\d+–\d+\)", page)
    assert re.search(r"“my draft”, below it “edition 2”: choose one", page)
    assert "must be mended first" in page


def test_ones_own_text_may_be_put_on_top(drafting: Desk) -> None:
    publish_elsewhere(WITHOUT_PARKS)
    work(drafting, "publish")
    drafting.post(DRAFT, do="on-top")
    work(drafting, "publish")
    assert texts() == [RULES, WITHOUT_PARKS, WITH_METEORS]


def test_two_who_type_in_one_draft_lose_nothing(drafting: Desk, sign_in: SignIn) -> None:
    anna = sign_in("supervisor", name="Anna Claes")
    stale = re.search(r'name="version" value="(\d+)"', anna.page(DRAFT))
    assert stale
    work(drafting, "keep", text="mine")
    answer = anna.post(DRAFT, do="keep", text="hers", reason="", version=stale[1])
    assert answer.headers["Location"].startswith("/rules/drafts/2")
    with reading() as session:
        assert {session.get_one(Draft, each.id).text for each in drafts.in_work(session)} == {"mine", "hers"}


def test_a_message_is_tried_on_the_draft(drafting: Desk) -> None:
    answer = work(drafting, "try", sample_text="Er viel een meteoor", sample_channel="chat")
    assert "<strong>Roads</strong>" in answer.text
    assert "<mark>meteoor</mark>" in answer.text


def test_the_parts_of_the_page_follow_what_stands_in_the_editor(drafting: Desk) -> None:
    check = drafting.post("/rules/drafts/check", text=RULES.replace("queue: groen", "queue: grien")).text
    assert 'data-kind="mistake"' in check
    assert re.search(r'data-line="\d+" data-column="\d+"', check)
    tried = drafting.post("/rules/drafts/try", text=WITH_METEORS, sample_text="meteoor").text
    assert "<mark>meteoor</mark>" in tried
    assert "mistakes are mended" in drafting.post("/rules/drafts/try", text="nonsense", sample_text="x").text


NAMED = RULES.replace("{id: danger, when", "{id: danger, name: Danger first, when")
BIRDS = "  - {id: birds, name: Birds, when: {text: [gevaar, mus]}, then: {topic: vogels}}\n"
WITH_BIRDS = NAMED.replace("default:", BIRDS + "default:").replace(
    "topics:\n", "topics:\n  - {id: vogels, name: {en: Bird song}, queue: groen, first_line: no}\n"
)


def test_of_the_doctors_remarks_the_new_ones_come_first_and_the_others_are_folded(drafting: Desk) -> None:
    first, _, rest = drafting.post("/rules/drafts/check", text="# moved\n" + WITH_BIRDS).text.partition("<details")
    assert "1 new remark on the rules" in first
    assert "“birds” has no examples" in unescape(first)
    assert "“potholes”" not in unescape(first)
    assert "remarks that edition 1 has already" in rest
    assert "“potholes” has no examples" in unescape(rest)
    assert ">new</span>" not in rest.partition("</details>")[0]
    assert "new remark" not in drafting.post("/rules/drafts/check", text=RULES).text


def test_where_it_is_not_known_what_the_doctor_said_of_the_edition_the_doctor_is_asked_again(drafting: Desk) -> None:
    with Session.begin() as session:
        session.execute(delete(CompiledEdition))
    assert "new remark" not in drafting.post("/rules/drafts/check", text=f"# more\n{RULES}").text


def test_what_a_message_meets_is_called_by_its_names_with_the_ids_beside_them(drafting: Desk) -> None:
    page = words(drafting.post("/rules/drafts/try", text=WITH_BIRDS, sample_text="gevaar").text)
    assert "Goes to Roads wegen" in page
    assert "By Danger first danger" in page
    assert "Would also have taken it Birds birds" in page
    page = words(drafting.post("/rules/drafts/try", text=WITH_BIRDS, sample_text="een mus").text)
    assert "Topic Bird song vogels" in page


def test_changes_are_called_by_their_names_wherever_they_are_listed(drafting: Desk) -> None:
    check = drafting.post("/rules/drafts/check", text=WITH_BIRDS).text
    assert "Rules that are new Birds birds" in words(check)
    line = WITH_BIRDS[: WITH_BIRDS.index(BIRDS)].count("\n") + 1
    assert f'data-to-line="{line}">Birds</a>' in check
    publish_elsewhere(WITH_BIRDS)
    publish_elsewhere(WITHOUT_PARKS)
    for path in ("/rules/editions/2", "/rules/diff?from=1&to=2"):
        assert "Rules that are new Birds birds" in words(drafting.page(path))
        assert "Topics that are new Bird song vogels" in words(drafting.page(path))
    assert "Queues that are gone Parks groen" in words(drafting.page("/rules/editions/3"))
    assert "Queues that are gone Parks groen" in words(work(drafting, "publish").text)


def test_a_queue_that_only_the_draft_has_is_called_by_its_name_on_past_tickets(drafting: Desk) -> None:
    with Session.begin() as session:
        a_ticket(session, message="een boom")
    text = RULES.replace("topics:\n", "  - {id: bomen, name: {en: Tree care}, tier: back}\ntopics:\n", 1)
    text = text.replace("[boom]}, then: {queue: groen", "[boom]}, then: {queue: bomen")
    page = words(drafting.post("/rules/drafts/replay", text=text).text)
    assert "1: Parks → Tree care" in page


def test_a_draft_can_be_put_away(drafting: Desk) -> None:
    work(drafting, "put-away")
    assert "Draft of" not in drafting.page("/rules").partition("</main>")[0].partition("<h1>")[2]


def test_an_earlier_edition_is_published_again(sofie: Desk) -> None:
    publish_elsewhere(WITH_METEORS)
    assert "Roll back to edition 1" in sofie.page("/rules/editions/1")
    sofie.post("/rules/editions/1/rollback", reason="No meteors.", onto="2")
    assert texts() == [RULES, WITH_METEORS, RULES]
    assert "Roll back" not in sofie.page("/rules/editions/3")


def test_rolling_back_over_somebody_elses_edition_is_told(sofie: Desk) -> None:
    publish_elsewhere(WITH_METEORS)
    answer = sofie.post("/rules/editions/1/rollback", reason="x", onto="1")
    assert answer.status_code == 409
    assert "Anna Claes published edition 2" in answer.text


def test_two_editions_are_shown_side_by_side(sofie: Desk) -> None:
    publish_elsewhere(WITH_METEORS)
    page = unescape(sofie.page("/rules/diff?from=1&to=2"))
    assert "Rules that say something else" in page
    assert '<span class="came">+  - {id: danger, when: {text: [gevaar, meteoor]}' in page
    assert sofie.get("/rules/diff?from=1&to=99").status_code == 404


@pytest.mark.parametrize("path", ["/rules/editions/2", "/rules/diff?from=1&to=2"])
def test_a_rule_that_changed_leads_to_its_page_as_long_as_it_is_in_force(sofie: Desk, path: str) -> None:
    publish_elsewhere(WITH_BIRDS)
    assert '<a href="/rules/rule/birds">Birds</a>' in sofie.page(path)
    publish_elsewhere(RULES)
    page = sofie.page(path)
    assert "Birds birds" in words(page)
    assert "/rules/rule/birds" not in page


def test_an_edition_is_downloaded_byte_for_byte(sofie: Desk) -> None:
    publish_elsewhere("# été\r\n" + RULES)
    answer = sofie.get("/rules/editions/2/file")
    assert answer.data == ("# été\r\n" + RULES).encode()
    assert "routing_rules-2.yaml" in answer.headers["Content-Disposition"]


def test_one_rule_is_switched_off_with_a_reason(sofie: Desk) -> None:
    assert "Off: it is not looked at" in sofie.page("/rules/rule/trees")
    sofie.post("/rules/rule/trees", status="off", until="2027-06-30", reason="The season is over.", onto="1")
    assert texts()[-1] == RULES.replace("{id: trees,", "{id: trees, until: 2027-06-30, status: off,")
    assert sofie.post("/rules/rule/trees", status="off", until="never", reason="x", onto="2").status_code == 422
    assert sofie.post("/rules/rule/trees", status="shadow", reason=" ", onto="2").status_code == 422
    assert sofie.get("/rules/rule/nothing").status_code == 404


def test_a_rules_file_that_no_longer_leads_is_told(sofie: Desk, tmp_path: Path) -> None:
    file = tmp_path / "rules.yaml"
    for text in (RULES, WITH_METEORS):
        file.write_text(text, "utf-8")
        with Session.begin() as session:
            rules_file.follow(session, file)
        if text == RULES:
            publish_elsewhere(WITHOUT_PARKS)
    assert "The rules file changed, and waits for you" in sofie.page("/rules")


def test_a_text_as_large_as_any_can_be_typed(drafting: Desk) -> None:
    large = RULES + "# filled up\n" * 300_000
    assert work(drafting, "keep", text=large).status_code == 303
    with reading() as session:
        assert session.get_one(Draft, 1).text == large


def test_what_names_an_edition_that_never_was_finds_nothing(drafting: Desk) -> None:
    assert drafting.post("/rules/editions/99/rollback", reason="Back", onto="1").status_code == 404
    assert drafting.post("/rules/drafts", edition="99").status_code == 404
    assert texts() == [RULES]


def test_a_long_draft_is_shown_before_it_is_checked(drafting: Desk) -> None:
    publish_elsewhere(WITH_METEORS + "# a remark\n" * 2_000)
    drafting.post("/rules/drafts")

    page = drafting.page("/rules/drafts/2")
    assert "The check runs …" in page
    assert "This may be published" not in page
    assert "This may be published" in drafting.page("/rules/drafts/2?checked=yes")
