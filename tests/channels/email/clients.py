"""Answers as the mail programs of citizens write them, in four languages: the same new and old words in each shape."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

NEW = {
    "nl": ("Dag,", "Dinsdag om tien uur past mij.", "Groeten, Zoë"),
    "fr": ("Bonjour,", "Mardi à dix heures me convient.", "Bien à vous, Zoé"),
    "en": ("Hello,", "Tuesday at ten suits me.", "Best wishes, Zoe"),
    "de": ("Guten Tag,", "Dienstag um zehn Uhr passt mir.", "Viele Grüße, Zoë"),
}
OLD = {
    "nl": ("Beste,", "wanneer kunt u langskomen?", "Burgerzaken"),
    "fr": ("Madame,", "quand pouvez-vous passer ?", "État civil"),
    "en": ("Dear,", "when can you come by?", "Registry"),
    "de": ("Sehr geehrte,", "wann können Sie vorbeikommen?", "Bürgerbüro"),
}
BLOCK = {
    "nl": (("Van", "Onthaal"), ("Verzonden", "maandag 3 maart 2025 10:12"), ("Aan", "Zoë"), ("Onderwerp", "Uw kaart")),
    "fr": (("De", "Accueil"), ("Envoyé", "lundi 3 mars 2025 10:12"), ("À", "Zoé"), ("Objet", "Votre carte")),
    "en": (("From", "Desk"), ("Sent", "Monday, March 3, 2025 10:12 AM"), ("To", "Zoe"), ("Subject", "Your card")),
    "de": (("Von", "Empfang"), ("Gesendet", "Montag, 3. März 2025 10:12"), ("An", "Zoë"), ("Betreff", "Ihr Ausweis")),
}
GMAIL = {
    "nl": "Op ma 3 mrt 2025 om 10:12 schreef Onthaal van de gemeente <{a}>:",
    "fr": "Le lun. 3 mars 2025 à 10:12, Accueil de la commune <{a}> a écrit :",
    "en": "On Mon, Mar 3, 2025 at 10:12 AM Desk of the municipality <{a}> wrote:",
    "de": "Am Mo., 3. März 2025 um 10:12 Uhr schrieb Empfang der Gemeinde <{a}>:",
}
APPLE = {
    "nl": "Op 3 mrt 2025, om 10:12 heeft Onthaal <{a}> het volgende geschreven:",
    "fr": "Le 3 mars 2025 à 10:12, Accueil <{a}> a écrit :",
    "en": "On 3 Mar 2025, at 10:12, Desk <{a}> wrote:",
    "de": "Am 03.03.2025 um 10:12 schrieb Empfang <{a}>:",
}
THUNDERBIRD = {
    "nl": "Op 3/03/2025 om 10:12 schreef Onthaal:",
    "fr": "Le 03/03/2025 à 10:12, Accueil a écrit :",
    "en": "On 03/03/2025 10:12, Desk wrote:",
    "de": "Am 03.03.25 um 10:12 schrieb Empfang:",
}
YAHOO = {
    "nl": "Op maandag 3 maart 2025 om 10:12:33 CET schreef Onthaal <{a}>:",
    "fr": "Le lundi 3 mars 2025 à 10:12:33 UTC+1, Accueil <{a}> a écrit :",
    "en": "On Monday, March 3, 2025 at 10:12:33 AM GMT+1, Desk <{a}> wrote:",
    "de": "Am Montag, 3. März 2025 um 10:12:33 MEZ hat Empfang <{a}> Folgendes geschrieben:",
}
OPEN_XCHANGE = {  # the webmails of Proximus and Telenet
    "nl": "Op 03-03-2025 10:12 CET schreef Onthaal <{a}>:",
    "fr": "Le 03/03/2025 10:12 CET, Accueil <{a}> a écrit :",
    "en": "On 03/03/2025 10:12 CET Desk <{a}> wrote:",
    "de": "Empfang <{a}> hat am 03.03.2025 10:12 CET geschrieben:",
}
IPHONE = {
    "nl": "Verstuurd vanaf mijn iPhone",
    "fr": "Envoyé de mon iPhone",
    "en": "Sent from my iPhone",
    "de": "Von meinem iPhone gesendet",
}
OUTLOOK_MOBILE = {
    "nl": "Outlook voor iOS downloaden",
    "fr": "Télécharger Outlook pour iOS",
    "en": "Get Outlook for iOS",
    "de": "Outlook für iOS beziehen",
}
GALAXY = {
    "nl": "Verzonden vanaf mijn Galaxy",
    "fr": "Envoyé depuis mon appareil Galaxy",
    "en": "Sent from my Galaxy",
    "de": "Von meinem Galaxy gesendet",
}
ORIGINAL = {
    "nl": "Oorspronkelijk bericht",
    "fr": "Message d'origine",
    "en": "Original message",
    "de": "Ursprüngliche Nachricht",
}
ADDRESS = "onthaal@lindervelde.example"


@dataclass(frozen=True)
class Answer:
    """One answer: both versions of its body, and what its sender wrote newly."""

    client: str
    language: str
    plain: str
    html: str

    @property
    def message(self) -> str:
        return "\n\n".join(NEW[self.language])

    def __str__(self) -> str:
        return f"{self.client}-{self.language}"


def answers() -> Iterator[Answer]:
    for shape, language in product(SHAPES, NEW):
        yield Answer(shape.__name__, language, *shape(language))


def _new(language: str) -> str:
    return "\n\n".join(NEW[language])


def _old(language: str) -> str:
    return "\n\n".join(OLD[language])


def _marked(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def _divs(lines: tuple[str, ...]) -> str:
    return "<div><br></div>".join(f"<div>{line}</div>" for line in lines)


def _paragraphs(lines: tuple[str, ...]) -> str:
    return "\n".join(
        f'<p class="MsoNormal">{line}<o:p></o:p></p>\n<p class="MsoNormal"><o:p>&nbsp;</o:p></p>' for line in lines
    )


def _block(language: str, *, around: str = "", order: tuple[int, ...] = (0, 1, 2, 3)) -> str:
    space = " " if language == "fr" else ""
    chosen = [BLOCK[language][place] for place in order]
    return "\n".join(f"{around}{label}{space}:{around} {value}" for label, value in chosen)


def _bold_block(language: str) -> str:
    return "<br>\n".join(f"<b>{label}&nbsp;:</b> {value}" for label, value in BLOCK[language])


def _linked(introduction: str) -> str:
    return introduction.replace("<{a}>", f'&lt;<a href="mailto:{ADDRESS}">{ADDRESS}</a>&gt;')


def _plain(introduction: str) -> str:
    return introduction.replace("{a}", ADDRESS)


def outlook_desktop(language: str) -> tuple[str, str]:
    rule = "border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"
    return (
        f"{_new(language)}\n\n{_block(language)}\n\n{_old(language)}\n",
        f'<html><body lang="NL" link="#0563C1"><div class="WordSection1">{_paragraphs(NEW[language])}'
        f'<div><div style="{rule}"><p class="MsoNormal">{_bold_block(language)}<o:p></o:p></p></div></div>'
        f"{_paragraphs(OLD[language])}</div></body></html>",
    )


def outlook_in_bold_plain(language: str) -> tuple[str, str]:
    return (
        f"{_new(language)}\n\n{_block(language, around='*')}\n\n{_old(language)}\n",
        f"{_paragraphs(NEW[language])}<p><strong>{_bold_block(language)}</strong></p>{_paragraphs(OLD[language])}",
    )


def outlook_desktop_old(language: str) -> tuple[str, str]:
    rule = f"-----{ORIGINAL[language]}-----"
    return (
        f"{_new(language)}\n\n{rule}\n{_block(language)}\n\n{_old(language)}\n",
        f"<p>{'</p><p>'.join(NEW[language])}</p><p>{rule}<br>{_bold_block(language)}</p><p>{'</p><p>'.join(OLD[language])}</p>",
    )


def outlook_web(language: str) -> tuple[str, str]:
    return (
        f"{_new(language)}\n\n________________________________\n{_block(language)}\n\n{_old(language)}\n",
        f'<div class="elementToProof">{_divs(NEW[language])}</div><div id="appendonsend"></div>\n'
        f'<hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font face="Calibri">'
        f'{_bold_block(language)}</font><div>&nbsp;</div></div><div class="BodyFragment">{_divs(OLD[language])}</div>',
    )


def outlook_mobile(language: str) -> tuple[str, str]:
    signature = OUTLOOK_MOBILE[language]
    return (
        f"{_new(language)}\n\n{signature}<https://aka.ms/o0ukef>\n________________________________\n"
        f"{_block(language)}\n\n{_old(language)}\n",
        f'{_divs(NEW[language])}<div><br></div><div id="ms-outlook-mobile-signature">'
        f'<a href="https://aka.ms/o0ukef">{signature}</a></div><hr><div id="divRplyFwdMsg">{_bold_block(language)}</div>'
        f"{_divs(OLD[language])}",
    )


def gmail(language: str) -> tuple[str, str]:
    wrapped = _plain(GMAIL[language]).replace(" <", " <\n")
    return (
        f"{_new(language)}\n\n{wrapped}\n\n{_marked(_old(language))}\n",
        f'<div dir="ltr">{_divs(NEW[language])}</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" '
        f'class="gmail_attr">{_linked(GMAIL[language])}<br></div><blockquote class="gmail_quote">'
        f'<div dir="ltr">{_divs(OLD[language])}</div></blockquote></div>',
    )


def apple_mail(language: str) -> tuple[str, str]:
    return (
        f"{_new(language)}\n\n> {_plain(APPLE[language])}\n> \n{_marked(_old(language))}\n",
        f'<html><body>{_divs(NEW[language])}<div><br><blockquote type="cite"><div>{_linked(APPLE[language])}</div><br class='
        f'"Apple-interchange-newline"><div>{_divs(OLD[language])}</div></blockquote></div><br></body></html>',
    )


def iphone(language: str) -> tuple[str, str]:
    return (
        f"{_new(language)}\n\n{IPHONE[language]}\n\n> {_plain(APPLE[language])}\n> \n> \ufeff{_marked(_old(language))[2:]}\n",
        f'{_divs(NEW[language])}<br id="lineBreakAtBeginningOfSignature"><div dir="ltr">{IPHONE[language]}</div><div dir="ltr">'
        f'<br><blockquote type="cite">{_linked(APPLE[language])}<br><br></blockquote></div><blockquote type="cite"><div>\ufeff'
        f"{_divs(OLD[language])}</div></blockquote>",
    )


def thunderbird(language: str) -> tuple[str, str]:
    return (
        f"{_new(language)}\n\n{THUNDERBIRD[language]}\n{_marked(_old(language))}\n",
        f'<p>{"</p><p>".join(NEW[language])}</p><div class="moz-cite-prefix">{THUNDERBIRD[language]}<br></div>'
        f'<blockquote type="cite" cite="mid:1@l.example">{"<br><br>".join(OLD[language])}</blockquote>',
    )


def thunderbird_below(language: str) -> tuple[str, str]:
    return (
        f"{THUNDERBIRD[language]}\n{_marked(_old(language))}\n\n{_new(language)}\n",
        f'<div class="moz-cite-prefix">{THUNDERBIRD[language]}<br></div><blockquote type="cite" cite="mid:1@l.example">'
        f"{'<br><br>'.join(OLD[language])}</blockquote><p>{'</p><p>'.join(NEW[language])}</p>",
    )


def thunderbird_between(language: str) -> tuple[str, str]:
    (hello, said, bye), (dear, asked, office) = NEW[language], OLD[language]
    return (
        f"{hello}\n\n{THUNDERBIRD[language]}\n> {dear}\n> {asked}\n\n{said}\n\n> {office}\n\n{bye}\n",
        f'<p>{hello}</p><div class="moz-cite-prefix">{THUNDERBIRD[language]}<br></div><blockquote type="cite">{dear}<br>{asked}'
        f'</blockquote><p>{said}</p><blockquote type="cite">{office}</blockquote><p>{bye}</p>',
    )


def proximus_webmail(language: str) -> tuple[str, str]:
    return (
        f"{_new(language)}\n\n> {_plain(OPEN_XCHANGE[language])}\n>\n>\n{_marked(_old(language))}\n",
        f'<p>{"</p><p>".join(NEW[language])}</p><blockquote type="cite"><div>{_linked(OPEN_XCHANGE[language])}</div>'
        f"<div><br></div>{_divs(OLD[language])}</blockquote>",
    )


def telenet_webmail(language: str) -> tuple[str, str]:
    rule = f"----- {ORIGINAL[language]} -----"
    return (
        f"{_new(language)}\n\n{rule}\n{_block(language, order=(0, 2, 1, 3))}\n\n{_old(language)}\n",
        f'<div style="font-family: arial">{_divs(NEW[language])}<div><br></div><hr id="zwchr" data-marker="__DIVIDER__">'
        f'<div data-marker="__HEADERS__">{_bold_block(language)}<br></div><div data-marker="__QUOTED_TEXT__">'
        f"{_divs(OLD[language])}</div></div>",
    )


def yahoo(language: str) -> tuple[str, str]:
    return (
        f"{_new(language)}\n\n    {_plain(YAHOO[language])}  \n \n {_old(language)}\n",
        f'<div class="yahoo-style-wrap">{_divs(NEW[language])}</div><div id="yahoo_quoted_1" class="yahoo_quoted"><div><div>'
        f"{_linked(YAHOO[language])}</div><div><br></div>{_divs(OLD[language])}</div></div>",
    )


def samsung(language: str) -> tuple[str, str]:
    rule = f"-------- {ORIGINAL[language]} --------"
    block = _block(language, order=(0, 1, 2, 3))
    return (
        f"{_new(language)}\n\n{GALAXY[language]}\n\n\n{rule}\n{block}\n\n{_old(language)}\n",
        f'{_divs(NEW[language])}<div><br></div><div id="composer_signature"><div dir="auto">{GALAXY[language]}</div></div>'
        f"<div><br></div><div>{rule}</div><div>{'</div><div>'.join(block.splitlines())}</div><div><br></div>{_divs(OLD[language])}",
    )


def gmx(language: str) -> tuple[str, str]:
    block = _block(language, order=(1, 0, 2, 3))
    return (
        f"{_new(language)}\n \n\n{block}\n{_old(language)}\n",
        f'<div>{_divs(NEW[language])}<div>&nbsp;<div class="quote"><div><b>{block.replace(chr(10), "<br><b>")}'
        f"</div><div>{_divs(OLD[language])}</div></div></div></div>",
    )


SHAPES = (
    outlook_desktop,
    outlook_in_bold_plain,
    outlook_desktop_old,
    outlook_web,
    outlook_mobile,
    gmail,
    apple_mail,
    iphone,
    thunderbird,
    thunderbird_below,
    thunderbird_between,
    proximus_webmail,
    telenet_webmail,
    yahoo,
    samsung,
    gmx,
)
