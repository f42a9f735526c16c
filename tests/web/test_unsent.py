"""What somebody types is kept on the server until it is sent, for them alone."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from werkzeug.test import TestResponse

from contact_hub.database import Session, now
from contact_hub.unsent import KEPT, Unsent
from tests.web.conftest import Desk, SignIn


def types(desk: Desk, reference: str, form: str, **typed: str) -> TestResponse:
    """What the page sends while somebody writes."""
    return desk.put(f"/tickets/{reference}/unsent/{form}", **typed)


def test_what_was_typed_stands_in_the_form_on_any_machine(reception: Desk, reference: str) -> None:
    assert types(reception, reference, "answers", text="Wij komen morgen", language="fr", seen="1").json == {"kept": True}
    types(reception, reference, "notes", text="eerst het dossier")
    types(reception, reference, "notes", text="eerst het dossier lezen")

    page = reception.page(f"/tickets/{reference}")

    assert "\nWij komen morgen</textarea>" in page
    assert '<option value="fr" lang="fr" selected>' in page
    assert "\neerst het dossier lezen</textarea>" in page
    assert page.count("Your draft of") == 2


def test_nobody_else_sees_it(reception: Desk, sign_in: SignIn, reference: str) -> None:
    types(reception, reference, "answers", text="Wij komen morgen")
    assert "Wij komen morgen" not in sign_in("agent", "onthaal", name="Bram").page(f"/tickets/{reference}")


def test_what_was_sent_or_emptied_is_kept_no_longer(reception: Desk, reference: str) -> None:
    types(reception, reference, "notes", text="kort")
    types(reception, reference, "answers", text="Dag")
    types(reception, reference, "hand-overs", reason="dringend")
    assert reception.post(f"/tickets/{reference}/notes", text="kort").status_code == 303
    assert reception.post(f"/tickets/{reference}/answers", text="Dag").status_code == 303
    assert types(reception, reference, "hand-overs", reason=" ", queue="wegen").json == {"kept": False}
    with Session() as session:
        assert session.query(Unsent).all() == []


def test_a_refused_answer_stays_kept(reception: Desk, reference: str) -> None:
    types(reception, reference, "answers", text="Te vroeg")
    assert reception.post(f"/tickets/{reference}/answers", text="Te vroeg", seen="0").status_code == 409
    assert "\nTe vroeg</textarea>" in reception.page(f"/tickets/{reference}")


def test_files_that_were_sent_with_the_page_are_kept_with_it(reception: Desk, reference: str) -> None:
    page = reception.post(
        f"/tickets/{reference}/letter", text="Dag", letter="answer", files=(BytesIO(b"plan"), "plan.pdf")
    ).text
    kept = re.search(r'name="kept" value="([^"]+)"', page)
    assert kept
    types(reception, reference, "answers", text="Dag", kept=kept[1])
    assert f'value="{kept[1]}" checked> plan.pdf' in reception.page(f"/tickets/{reference}")


@pytest.mark.parametrize(("form", "text", "status"), [("nonsense", "Dag", 404), ("answers", "x" * 60_000, 413)])
def test_what_fits_no_form_is_not_kept(reception: Desk, reference: str, form: str, text: str, status: int) -> None:
    assert types(reception, reference, form, text=text).status_code == status


def test_whoever_does_not_see_the_ticket_keeps_nothing(sign_in: SignIn, reference: str) -> None:
    assert types(sign_in("back_office", "wegen"), reference, "notes", text="x").status_code == 404


def test_what_nobody_went_on_with_is_gone_after_a_month(reception: Desk, reference: str) -> None:
    types(reception, reference, "notes", text="oud")
    with Session.begin() as session:
        session.query(Unsent).one().changed_at = now() - KEPT - timedelta(minutes=1)
    types(reception, reference, "answers", text="nieuw")
    with Session() as session:
        assert [each.form for each in session.query(Unsent)] == ["answers"]
