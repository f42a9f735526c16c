"""Finds tickets by the words they hold: subject, person, what was said and noted, form fields, names of files.

The database keeps the index itself, at each message and file that is stored. Accents and capitals don't count, and a word is
found in its other forms in Dutch, French, German and English: PostgreSQL knows stemmers, SQLite asks ours (`stems.py`).
`words` takes apart what is typed, `operators` what narrows it down, `lookup` asks the database, `persons` finds people by
what they are called, `index` renews what changed, `highlighting` says where in a text the words stand.
"""

from contact_hub.search.highlighting import Span, places
from contact_hub.search.index import renew, renew_of_person
from contact_hub.search.lookup import first, tagged
from contact_hub.search.persons import called
from contact_hub.search.words import Term, terms_in
from contact_hub.stems import folded

__all__ = ["Span", "Term", "called", "first", "folded", "places", "renew", "renew_of_person", "tagged", "terms_in"]
