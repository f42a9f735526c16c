"""Files keep their names however these are written, and get a fitting one where they have none."""

import pytest

from tests.channels.email.mails import a_mail, read


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ("Content-Disposition: attachment; filename='plan 1.pdf'", "plan 1.pdf"),
        ('Content-Disposition: filename="plan.pdf"', "plan.pdf"),
        ('Content-Type: name="plan.pdf"', "plan.pdf"),
        ("Content-Type: application/pdf, name=plan.pdf", "plan.pdf"),
        ('Content-Disposition: attachment; filename="C:\\Users\\jan\\plan.pdf"', "plan.pdf"),
        ('Content-Disposition: attachment; filename="../../plan.pdf"', "plan.pdf"),
        ('Content-Disposition: attachment; filename="factuur 1/2.pdf"', "factuur 1_2.pdf"),
        ("Content-Type: image/png\nContent-Location: https://www.post.example/beeld/logo.png?v=2", "logo.png"),
        ("Content-Type: image/png\nContent-ID: <foto.png@01D9.3F>", "foto.png"),
        ("Content-Type: image/png\nContent-ID: <01D9.3F@post.example>", "image.png"),
        ("Content-Type: application/vnd.ms-excel", "file.xls"),
        ("Content-Type: application/octet-stream", "file"),
        ("Content-Type: application/pdf\nContent-Description: Factuur maart", "Factuur maart.pdf"),
        ("Content-Type: application/vnd.ms-excel\nContent-Description: maart.xls", "maart.xls"),
    ],
)
def test_a_file_has_the_name_its_sender_sees(fields: str, name: str) -> None:
    contact = read(a_mail(f"--b\n\nZie bijlage.\n--b\n{fields}\n\ninhoud\n--b--\n", Content_Type="multipart/mixed; boundary=b"))

    assert contact.message == "Zie bijlage."
    assert [(file.name, file.content) for file in contact.attachments] == [(name, b"inhoud")]
