"""What an address names by its number: an edition or a draft of the rules; and an edition as a file."""

from flask import Response, abort
from sqlalchemy.orm import Session

from contact_hub.drafts import Draft
from contact_hub.editions import Edition


def edition_of(session: Session, number: int) -> Edition:
    """The edition with this number; there is no page where there is none."""
    found: Edition = (session.get(Edition, number) if number < 2**31 else None) or abort(404)
    return found


def draft_of(session: Session, number: int) -> Draft:
    """The draft with this number; there is no page where there is none."""
    found: Draft = (session.get(Draft, number) if number < 2**31 else None) or abort(404)
    return found


def as_file(edition: Edition) -> Response:
    """The edition as a file to be kept, byte for byte."""
    response = Response(edition.text.encode("utf-8"), mimetype="application/yaml")
    response.headers["Content-Disposition"] = f'attachment; filename="routing_rules-{edition.id}.yaml"'
    return response
