"""What the codes of the rules are called on their pages."""

from flask_babel import lazy_gettext as _l

SECTION_WORDS = {
    "screen": _l("Screen: what is no question of a citizen goes to quarantine"),
    "label": _l("Label: every rule that holds adds what it says"),
    "route": _l("Route: the first rule that holds decides"),
}
SECTIONS_SHORT = {"screen": _l("Screen"), "label": _l("Label"), "route": _l("Route")}
TIERS = {"front": _l("Front office"), "back": _l("Back office")}
VISIBILITIES = {"default": _l("Open to the contact centre"), "restricted": _l("Restricted"), "confidential": _l("Confidential")}
STATUSES = {"shadow": _l("Shadow: only noted"), "off": _l("Off")}
STATUSES_OF_RULES = {
    "active": _l("Active: it decides"),
    "shadow": _l("Shadow: it decides nothing, what it would take is only noted"),
    "off": _l("Off: it is not looked at"),
}
CHANGES = {
    "added": _l("Rules that are new"),
    "removed": _l("Rules that are gone"),
    "changed": _l("Rules that say something else"),
    "moved": _l("Rules that stand in another place"),
    "queues_added": _l("Queues that are new"),
    "queues_removed": _l("Queues that are gone"),
    "queues_changed": _l("Queues that are otherwise"),
    "topics_added": _l("Topics that are new"),
    "topics_removed": _l("Topics that are gone"),
    "topics_changed": _l("Topics that are otherwise"),
    "calendars_added": _l("Calendars that are new"),
    "calendars_removed": _l("Calendars that are gone"),
    "calendars_changed": _l("Calendars that are otherwise"),
}
SEVERITIES = {"blocks": _l("Must be mended"), "asks": _l("Look at this"), "tells": _l("Good to know")}
