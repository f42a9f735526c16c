"""Pages of a PDF as pictures: drawn apart, and refused in words where a file is none, broken or locked."""

from io import BytesIO

import pytest
from PIL import Image

from contact_hub import pdf_pages
from tests import builders


def test_each_page_is_a_picture_of_one_width() -> None:
    pdf = builders.a_pdf("white", "red", "white")
    assert pdf_pages.count(pdf) == 3
    picture = Image.open(BytesIO(pdf_pages.picture(pdf, 2)))
    assert picture.width == pdf_pages.WIDE
    assert picture.getpixel((500, 500))[0] > 200  # type: ignore[index]
    assert picture.getpixel((500, 500))[1] < 50  # type: ignore[index]


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4 and then nothing", b"MZ\x90\x00"])
def test_what_is_no_pdf_is_unreadable(content: bytes) -> None:
    with pytest.raises(pdf_pages.Unreadable):
        pdf_pages.count(content)


@pytest.mark.parametrize("page", [4, -1])
def test_a_page_that_is_not_there_is_unreadable(page: int) -> None:
    with pytest.raises(pdf_pages.Unreadable):
        pdf_pages.picture(builders.a_pdf("white"), page)
