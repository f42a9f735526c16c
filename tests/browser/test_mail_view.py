"""A hostile mail in a real browser: nothing runs, nothing is loaded, nothing leads away by itself."""

from playwright.sync_api import Page, expect

from contact_hub.database import Session
from contact_hub.messages import Message
from tests import builders

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
HOSTILE = """\
<html><head><meta http-equiv="refresh" content="0;url=http://evil.invalid/refresh"><base href="http://evil.invalid/">
<link rel="stylesheet" href="http://evil.invalid/link.css"><style>@import "http://evil.invalid/import.css";</style></head>
<body onload="alert(1)" background="http://evil.invalid/body.png">
<script>alert(2)</script><img src=x onerror="alert(3)"><svg onload="alert(4)"></svg>
<img src="http://evil.invalid/pixel.gif" alt="logo"><p style="background:url(http://evil.invalid/style.png)">Dag allemaal</p>
<iframe src="http://evil.invalid/frame"></iframe><object data="http://evil.invalid/object"></object>
<form action="http://evil.invalid/form"><input autofocus onfocus="alert(5)" name="x"><button>Verder</button></form>
<a href="https://evil.invalid/link">www.lindervelde.example</a> <a href="javascript:alert(6)">klik</a>
<img src="cid:put" alt="de put" width="40" height="40"></body></html>
"""


def a_mail() -> str:
    html = f"Content-Type: text/html; charset=utf-8\n\n{HOSTILE}"
    picture = f"Content-Type: image/png\nContent-ID: <put>\nContent-Transfer-Encoding: base64\n\n{PIXEL}"
    head = "From: an@post.example\nSubject: x\nContent-Type: multipart/related; boundary=b\n"
    with Session.begin() as session:
        ticket = builders.a_ticket(session, raw=f"{head}\n--b\n{html}\n--b\n{picture}\n--b--\n".encode())
        session.flush()
        said = session.query(Message).filter_by(ticket_id=ticket.id, kind="said").one()
        return f"/tickets/{ticket.reference}/mails/{said.id}"


def test_a_hostile_mail_neither_runs_nor_loads_anything(desk: Page, hub: str) -> None:
    asked: list[str] = []
    dialogs: list[str] = []
    mail = a_mail()
    desk.on("request", lambda request: asked.append(request.url))
    desk.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    desk.goto(mail)
    frame = desk.frame_locator(".mail-frame")
    expect(frame.get_by_text("Dag allemaal")).to_be_visible()
    expect(frame.get_by_text("[evil.invalid]")).to_be_visible()
    picture = frame.get_by_alt_text("de put")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.complete && image.naturalWidth") == 1
    desk.wait_for_load_state("networkidle")
    assert [url for url in asked if not url.startswith((hub, "data:"))] == []
    assert dialogs == []
    assert desk.url.endswith(mail)
