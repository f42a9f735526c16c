"""The mail that brings a link to choose a password, in the language of whoever gets it."""

from contact_hub.letters import Letter

TEXTS = {
    "nl": (
        "Kies je wachtwoord voor Contact Hub",
        "Dag {name},\n\nMet deze link kies je een wachtwoord voor Contact Hub. Hij werkt één keer, {lasts} lang:\n\n{link}\n\n"
        "Vroeg je dit niet? Dan hoef je niets te doen.",
        {"reset": "een uur", "invite": "een week"},
    ),
    "fr": (
        "Choisissez votre mot de passe pour Contact Hub",
        "Bonjour {name},\n\nCe lien vous permet de choisir un mot de passe pour Contact Hub. Il fonctionne une seule fois, "
        "pendant {lasts} :\n\n{link}\n\nVous n’avez rien demandé ? Alors ne faites rien.",
        {"reset": "une heure", "invite": "une semaine"},
    ),
    "en": (
        "Choose your password for Contact Hub",
        "Hello {name},\n\nWith this link you choose a password for Contact Hub. It works once, for {lasts}:\n\n{link}\n\n"
        "You did not ask for this? Then there is nothing to do.",
        {"reset": "an hour", "invite": "a week"},
    ),
    "de": (
        "Wähle dein Passwort für Contact Hub",
        "Guten Tag {name},\n\nmit diesem Link wählst du ein Passwort für Contact Hub. Er gilt einmal, {lasts} lang:\n\n"
        "{link}\n\n"
        "Du hast das nicht verlangt? Dann ist nichts zu tun.",
        {"reset": "eine Stunde", "invite": "eine Woche"},
    ),
}


def link_letter(language: str, *, name: str, link: str, purpose: str) -> Letter:
    """The letter; `purpose` is reset or invite."""
    subject, text, lasts = TEXTS.get(language, TEXTS["en"])
    return Letter(subject, text.format(name=name, link=link, lasts=lasts[purpose]), language)
