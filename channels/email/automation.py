"""Judges how far a machine wrote a mail: bounce, delay, out-of-office, auto-reply, list, or '' for a person.

After RFC 3834 and RFC 3464 and what servers really send. A mere `Auto-Submitted: auto-generated` or
`Precedence: bulk` without more does not make a machine of a sender whose mail a server passed on.
"""

import re

from channels.email.headers import Headers
from channels.email.splitting import Part
from contact_hub.contact import Automatic

_FAILED = re.compile(
    r"undeliver|not be delivered|delivery (has )?failed|delivery failure|failure notice|returned (mail|to sender)"
    r"|delivery status notification \(fail|mail system error|non[- ]?remis|échec de (la )?(remise|distribution)"
    r"|n'a pas pu être (remis|distribu)|message non distribu|retour à l'expéditeur"
    r"|onbestelbaar|niet (worden )?(afgeleverd|bezorgd|besteld)|niet te bezorgen|kon niet worden|bezorging mislukt"
    r"|unzustellbar|nicht zugestellt|unzustellbarkeit|zustellung fehlgeschlagen",
    re.IGNORECASE,
)
_LATE = re.compile(
    r"delayed|\(delay\)|delay notification|not yet been delivered|still being retried|warning: message"
    r"|vertraagd|vertraging|nog niet (worden )?(afgeleverd|bezorgd)|retard(é|dé)?\b|différé|verzögert|verspätet",
    re.IGNORECASE,
)
_AWAY = re.compile(
    r"out[- ]of[- ](the[- ])?office|\baway from (my|the) (desk|office)"
    r"|\bon (annual |maternity |sick )?(leave|holiday|vacation)"
    r"|\bafwezig|niet (op kantoor|aanwezig|bereikbaar)|(met|in) (verlof|vakantie)|buiten kantoor|terug op (kantoor|\d)"
    r"|absen(t|ce)\b|en (congé|vacances)|hors du bureau|de retour le"
    r"|abwesen|nicht im (büro|haus)|(im|in) urlaub|außer haus",
    re.IGNORECASE,
)
_ANSWERS_ITSELF = re.compile(
    r"^\W*(automatic reply|auto(matic|mated)?[- ]?(reply|response|answer)|automatisch (antwoord|bericht)"
    r"|automatische? (beantwoording|antwort|afwezigheid\w*|reactie)|réponse automatique|abwesenheits\w+|autoreply"
    r"|out[- ]of[- ](the[- ])?office|afwezigheids\w+|afwezig\s*:|(message|notification) d'absence|absence du bureau)",
    re.IGNORECASE,
)
# A program that says nothing of itself: somebody is away, says so under such a subject, and answers what we wrote.
_ABSENT = (
    r"afwezig|niet (op kantoor|aanwezig|bereikbaar)|(met|op|in) (verlof|vakantie)|buiten kantoor"
    r"|absente?s?\b|en (congé|vacances)|hors du bureau|out of (the )?office|on (annual )?(leave|holiday|vacation)"
    r"|abwesend|nicht im (büro|haus)|(im|in) urlaub|außer haus"
)
_AWAY_SUBJECT = re.compile(
    rf"^\W*+(?:(?:re|aw|antw|tr)\s*+:\W*+)*+(ik ben |je suis |i am |ich bin )?({_ABSENT}|vakantie|congés?|urlaub)",
    re.IGNORECASE,
)
_SAYS_AWAY = re.compile(
    rf"\b(ik ben|wij zijn|je suis|nous sommes|i am|i'm|we are|ich bin|wir sind)\b.{{0,60}}({_ABSENT})",
    re.IGNORECASE | re.DOTALL,
)
_POSTMASTERS = re.compile(r"^(mailer-daemon|mail-daemon|postmaster|mail\.?delivery|bounce)", re.IGNORECASE)
_READ_HEAD = 4_000


def automation_of(root: Part, *, sender: str, subject: str, text: str) -> Automatic:
    """The degree of automation; `sender`, `subject` and `text` as already read from the mail."""
    report = _delivery_report(root)
    if report:
        return report
    if _POSTMASTERS.match(sender) or root.headers.has("x-failed-recipients"):
        undelivered = _undelivered(subject) or _undelivered(text[:_READ_HEAD])
        if undelivered:
            return undelivered
    if _says_it_answers(root.headers) or _ANSWERS_ITSELF.match(subject):
        return "out-of-office" if _AWAY.search(subject) or _AWAY.search(text[:_READ_HEAD]) else "auto-reply"
    if _is_away(root.headers, subject, text[:_READ_HEAD]):
        return "out-of-office"
    return "list" if _is_list(root.headers) else ""


def _delivery_report(root: Part) -> Automatic | None:
    """What a report in RFC 3464 form says happened."""
    if root.kind != "multipart/report":
        return None
    for part in root.parts:
        if part.kind in ("message/delivery-status", "message/global-delivery-status"):
            status = bytes(part.body[:_READ_HEAD]).lower()
            actions = set(re.findall(rb"^action:\s*([a-z]+)", status, re.MULTILINE))
            if actions & {b"failed", b"undeliverable"}:
                return "bounce"
            return "delay" if b"delayed" in actions else "auto-reply" if actions else "bounce"
    return "auto-reply" if root.type.parameters.get("report-type") == "disposition-notification" else "bounce"


def _undelivered(text: str) -> Automatic | None:
    if _LATE.search(text):
        return "delay"
    return "bounce" if _FAILED.search(text) else None


def _says_it_answers(headers: Headers) -> bool:
    if headers.text("auto-submitted").lower().startswith("auto-replied"):
        return True
    if headers.text("precedence").lower() in ("auto_reply", "auto-reply"):
        return True
    return any(headers.has(name) for name in ("x-autoreply", "x-autorespond", "x-autoreply-from", "x-autoresponder"))


def _is_away(headers: Headers, subject: str, text: str) -> bool:
    """Whether a program speaks that sets no header. A person who is away and asks something, or begins to write, is none."""
    answers = headers.has("in-reply-to") or headers.has("references")
    return answers and "?" not in text and bool(_AWAY_SUBJECT.match(subject) and _SAYS_AWAY.search(text))


def _is_list(headers: Headers) -> bool:
    precedence = headers.text("precedence").lower()
    return headers.has("list-id") or headers.has("list-unsubscribe") or precedence in ("list", "bulk", "junk")
