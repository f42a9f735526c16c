"""Every text for people is there in every language the hub speaks, with the same places to fill in."""

import gettext
import re
from collections.abc import Sequence
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.frontend import CommandLineInterface
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from jinja2 import Environment

from contact_hub.forms import LANGUAGES

ROOT = Path(__file__).parent.parent
CATALOGUES = ROOT / "contact_hub" / "translations"
FOR_BUILDERS = "styleguide.html"  # shown in the demo, in English
TEMPLATES = sorted(each for each in (ROOT / "contact_hub" / "web" / "templates").rglob("*.html") if each.name != FOR_BUILDERS)
TRANSLATED = [language for language in LANGUAGES if language != "en"]  # what stands in the code is English
PLACE = re.compile(r"%\(\w+\)[a-z]|\{\w*\}")
SAME_EVERYWHERE = {"Contact Hub", "p50", "p90", "n", "backlog@1", "Ctrl", "K"}  # names, and keys
FOR_CITIZENS = ("templates/citizens/", "doors/town.html", "contact_hub/submissions.py")  # pages that say "u" in Dutch
FORMAL, FAMILIAR = re.compile(r"(?<!dank )\b(u|uw|uzelf)\b", re.I), re.compile(r"\b(je|jij|jou|jouw)\b", re.I)
TOO_NEAR = {  # and the commands that go with it
    "fr": re.compile(r"\b(tu|toi|ton|tes|te)\b", re.I),
    "de": re.compile(
        r"\b(du|dich|dir|dein\w*|euch)\b|(?:^|[.:;] )(?:Wähle?|Schreib|Such|Sag|Gib|Frag|Lies|Prüf|Warte?|Versuch|Lass|Öffne"
        r"|Nimm|Setz|Füll|Tipp|Lösch|Hake?|Grenze?|Melde?|Sieh|Klick|Drück|Änder|Mach)\b",
        re.I,
    ),
}
AS_IN_ENGLISH = {
    "nl": "Chat Code Compact Contrast Details E-mail Inbox Labels Mailbox Open Postcode Rest Spam Status Supervisor Teams Test",
    "fr": "Administration Chat Code Compact Conversation E-mail Note Original Pages Ping-pong Spam Test Urgent contacts "
    "message",
    "de": "Chat Code Name Normal Original Person Rest Spam Status Teams Test",
}
WORDS_AS_IN_ENGLISH = {"Contact Hub", "Id", "Open ticket", "Second ticket"}


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """The texts for people in the code and the templates, as `make translations` finds them."""
    found = tmp_path_factory.mktemp("texts") / "messages.pot"
    folders = [str(ROOT / name) for name in ("contact_hub", "channels")]
    pybabel: Any = CommandLineInterface()
    pybabel.run(
        ["pybabel", "-q", "extract", "-F", str(ROOT / "babel.cfg"), "-k", "_l", "-k", "said", "-o", str(found), *folders]
    )
    with found.open("rb") as file:
        return read_po(file)


def test_no_template_writes_a_colon_as_english_does() -> None:
    glued = re.compile(r"[%}]\}(?:</\w+>)*:(?=\s|<(?!/code>))")  # French keeps a space before it: `{{ colon }}`
    assert [f"{each.name}: {found}" for each in TEMPLATES for found in glued.findall(each.read_text("utf-8"))] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_is_translated(language: str, texts: Catalog) -> None:
    translated = catalogue(language)
    absent = [text.id for text in texts if text.id and not is_whole(translated.get(text.id, text.context))]
    assert not absent, f"run `make translations` and translate these in the catalogue of {language}"


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_holds_nothing_that_nobody_says(language: str, texts: Catalog) -> None:
    assert [each.id for each in catalogue(language) if each.id and texts.get(each.id, each.context) is None] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_the_same_places_to_fill_in(language: str) -> None:
    astray = [each.id for each in catalogue(language) if each.id and not fits(each)]
    assert astray == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_compiles_and_knows_one_from_many(language: str) -> None:
    compiled = BytesIO()
    write_mo(compiled, catalogue(language))
    compiled.seek(0)
    speak = gettext.GNUTranslations(compiled)
    one, many = (speak.ngettext("%(num)d working day", "%(num)d working days", number) for number in (1, 2))
    assert one != many
    assert speak.gettext("Queues") != "Queues"


@pytest.mark.parametrize("language", TRANSLATED)
def test_nothing_is_left_in_english(language: str) -> None:
    alike = {*AS_IN_ENGLISH[language].split(), *WORDS_AS_IN_ENGLISH, *AS_IN_ENGLISH[language].lower().split()}
    same = {as_list(each.id)[-1] for each in catalogue(language) if as_list(each.id)[-1] in as_list(each.string)}
    assert {words for each in same if re.search("[a-z]", words := PLACE.sub("", each).strip())} - alike == set()


def test_dutch_says_u_to_citizens_and_je_to_colleagues() -> None:
    for each in filter(lambda each: each.id, catalogue("nl")):
        to_citizens = all(any(part in place for part in FOR_CITIZENS) for place, _ in each.locations)
        wrong = (FAMILIAR if to_citizens else FORMAL).search(" ".join(as_list(each.string)))
        assert not wrong, f"{each.string!r} is said to {'citizens' if to_citizens else 'colleagues'}"


@pytest.mark.parametrize("language", TOO_NEAR)
def test_french_and_german_keep_their_distance(language: str) -> None:
    assert [each.string for each in catalogue(language) if TOO_NEAR[language].search(" ".join(as_list(each.string)))] == []


def test_french_breaks_no_line_before_its_marks() -> None:
    """A no-break space (U+00A0) stands before : ; ! ? and within « »."""
    assert [each.string for each in catalogue("fr") if re.search(r" [:;!?»](?!\w)|« ", " ".join(as_list(each.string)))] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_apostrophes_are_round(language: str) -> None:
    assert [each.string for each in catalogue(language) if re.search(r"\w'\w", " ".join(as_list(each.string)))] == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_says_anything_past_the_translations(template: Path) -> None:
    said = Said()
    tokens = Environment(autoescape=True).lex(template.read_text("utf-8"))
    said.feed("".join(written if kind == "data" else "" for _, kind, written in tokens))
    assert {text for text in said.texts if re.search("[A-Za-z]", text)} - SAME_EVERYWHERE == set()


class Said(HTMLParser):
    """What a page says to people: its text, and the attributes that are read aloud or shown."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def handle_data(self, data: str) -> None:
        lines = (part.strip(" ·()") for part in data.splitlines())
        self.texts += [line for line in lines if '="' not in line]  # a macro that gives attributes alone

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self.texts += [value or "" for name, value in attrs if name in ("aria-label", "title", "alt", "placeholder")]


def catalogue(language: str) -> Catalog:
    with (CATALOGUES / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def is_whole(message: Message | None) -> bool:
    return message is not None and not message.fuzzy and all(as_list(message.string))


def fits(message: Message) -> bool:
    """Whether each form has the places of the text; babel's own check knows the plural forms."""
    wanted = sorted(PLACE.findall(as_list(message.id)[-1]))
    return not message.check() and all(sorted(PLACE.findall(form)) == wanted for form in as_list(message.string))


def as_list(string: str | Sequence[str] | None) -> list[str]:
    return [string or ""] if isinstance(string, str | None) else list(string)
