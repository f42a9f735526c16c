"""The files of a conversation: looked at where that is safe, downloaded, and warned of where they may run something."""

import re

import pytest

from contact_hub.contact import Attachment
from contact_hub.database import Session
from tests import builders
from tests.web.conftest import Desk, SignIn

pytestmark = pytest.mark.either_database

PDF = "application/pdf"


def with_files(*files: Attachment) -> str:
    with Session.begin() as session:
        return builders.a_ticket(session, attachments=files).reference


def address_of_pages(page: str) -> str:
    found = re.search(r'hx-get="([^"]+/pages)"', page)
    assert found
    return found[1]


def test_pictures_are_shown_and_other_files_offered(reception: Desk) -> None:
    page = reception.page(
        f"/tickets/{with_files(Attachment('put.png', 'image/png', b'PNG'), Attachment('x.svg', 'image/svg+xml', b'<svg/>'))}"
    )
    assert 'alt="put.png, opens in a new tab"' in page
    assert 'alt="x.svg' not in page
    assert "x.svg" in page


def test_the_pages_of_a_pdf_are_shown_as_pictures(reception: Desk) -> None:
    pages = address_of_pages(
        reception.page(f"/tickets/{with_files(Attachment('plan.PDF', PDF, builders.a_pdf('red', 'white')))}")
    )
    shown = reception.page(pages)
    pictures = re.findall(r'src="([^"]+)" alt="Page (\d) of plan.PDF"', shown)
    assert [number for _, number in pictures] == ["1", "2"]
    picture = reception.get(pictures[1][0])
    assert picture.content_type == "image/png"
    assert picture.data.startswith(b"\x89PNG")
    assert reception.get(f"{pages}/3").status_code == 404


def test_a_pdf_that_cannot_be_read_says_so(reception: Desk) -> None:
    pages = address_of_pages(reception.page(f"/tickets/{with_files(Attachment('plan.pdf', PDF, b'no pdf'))}"))
    assert "it is damaged or locked" in reception.page(pages)
    assert reception.get(f"{pages}/1").status_code == 404


def test_pages_are_drawn_of_pdfs_alone_and_for_those_who_see_the_ticket(reception: Desk, sign_in: SignIn) -> None:
    pages = address_of_pages(reception.page(f"/tickets/{with_files(Attachment('plan.pdf', PDF, builders.a_pdf('red')))}"))
    assert sign_in("back_office", "wegen").get(f"{pages}/1").status_code == 404
    text = reception.page(f"/tickets/{with_files(Attachment('plan.txt', 'text/plain', b'plan'))}")
    file = re.search(r'href="([^"]+/attachments/\d+)"', text)
    assert file
    assert reception.get(f"{file[1]}/pages").status_code == 404


def test_a_file_that_may_run_something_is_warned_of(reception: Desk) -> None:
    page = reception.page(f"/tickets/{with_files(Attachment('factuur.pdf.EXE', 'application/pdf', b'MZ'))}")
    assert "May run a program" in page
    assert "May run a program" not in reception.page(f"/tickets/{with_files(Attachment('brief.docx', 'x/y', b'PK'))}")
