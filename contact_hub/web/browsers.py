"""What a browser calls itself, as people call it."""

from flask_babel import gettext as _
from ua_parser import parse

BETWEEN = " · "


def known_as(user_agent: str) -> str:
    """Browser and system, as a session keeps them; what is neither stays as it calls itself."""
    found = parse(user_agent)
    return BETWEEN.join(each.family for each in (found.user_agent, found.os) if each) or user_agent


def words(device: str) -> str:
    """What a session keeps, in words; those of before keep what the browser called itself."""
    browser, between, system = (known_as(device) if device.startswith("Mozilla/") else device).partition(BETWEEN)
    return _("%(browser)s on %(system)s", browser=browser, system=system) if between else browser
