"""The JSON a person gets to check how the hub reads."""

import hashlib
import json

from channels.email.report import as_json
from tests.channels.email.mails import an_eml, read


def test_the_report_names_what_was_read() -> None:
    report = json.loads(json.dumps(as_json("report_with_photo.eml", read(an_eml("report_with_photo")))))

    assert report["file"] == "report_with_photo.eml"
    assert report["subject"] == "Gat in het wegdek"
    assert (report["from_email"], report["from_name"]) == ("zia@post.example", "Zïa De Bóe")
    assert report["attachments"][1] == {
        "filename": "Schéma.pdf",
        "content_type": "application/pdf",
        "size": 9,
        "sha256": hashlib.sha256(b"%PDF-1.4\n").hexdigest(),
    }


def test_all_visible_text_is_the_reply_and_the_quoted_rest() -> None:
    report = as_json("a.eml", read(an_eml("answer_outlook_nl")))

    assert report["text"] == f"{report['reply']}\n{report['quoted']}"
