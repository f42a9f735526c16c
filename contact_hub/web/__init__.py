"""The pages for agents, back offices and supervisors, and what every page needs.

A page is a module (or package) of this package with a `blueprint`; one with a `menu` stands in the navigation too.
"""

import importlib
import pkgutil
from collections.abc import Iterable, Iterator
from types import ModuleType

from flask import Flask

from contact_hub.web import (
    addresses,
    browser_cache,
    compressing,
    keys,
    languages,
    navigation,
    people_at_work,
    preferences,
    problems,
    security,
    words,
)


def set_up(app: Flask, doors: Iterable[ModuleType] = ()) -> None:
    """Adds the pages to the application; a door with a `menu` stands in the navigation too."""
    app.url_map.converters["int"] = addresses.Id
    security.protect(app)
    browser_cache.keep(app)
    compressing.compress(app)
    languages.speak(app)
    preferences.offer(app)
    keys.offer(app)
    people_at_work.recognise(app)
    problems.explain(app)
    words.give_to_templates(app)
    for page in pages():
        app.register_blueprint(page.blueprint)
    navigation.build(app, [entry for page in (*pages(), *doors) for entry in getattr(page, "menu", ())])


def pages() -> Iterator[ModuleType]:
    """Every module here that has a `blueprint`."""
    for found in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{found.name}")
        if hasattr(module, "blueprint"):
            yield module
