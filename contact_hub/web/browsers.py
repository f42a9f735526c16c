"""What a browser calls itself, as people call it."""

from flask_babel import gettext as _

# The first that fits counts: most browsers claim to be those they descend from too.
BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser/": "Samsung Internet",
    "Firefox/": "Firefox",
    "FxiOS/": "Firefox",
    "CriOS/": "Chrome",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
SYSTEMS = {
    "Windows": "Windows",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "CrOS": "ChromeOS",
    "Mac OS X": "macOS",
    "Linux": "Linux",
}
BETWEEN = " · "


def known_as(user_agent: str) -> str:
    """Browser and system, as a session keeps them; what is neither stays as it calls itself."""
    found = [next((name for sign, name in each.items() if sign in user_agent), "") for each in (BROWSERS, SYSTEMS)]
    return BETWEEN.join(filter(None, found)) or user_agent


def words(device: str) -> str:
    """What a session keeps, in words; those of before keep what the browser called itself."""
    browser, between, system = (known_as(device) if device.startswith("Mozilla/") else device).partition(BETWEEN)
    return _("%(browser)s on %(system)s", browser=browser, system=system) if between else browser
