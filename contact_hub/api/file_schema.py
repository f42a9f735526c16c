"""The JSON Schema of the rules file, for editors that complete and check it: anybody may read it."""

from importlib.resources import files

from flask import Response
from flask_smorest import Blueprint

blueprint = Blueprint("file_schema", __name__, url_prefix="/api/v1/rules", description="The shape of the rules file")


@blueprint.route("/schema", methods=["GET"])
@blueprint.response(200, content_type="application/schema+json", description="A JSON Schema (2020-12)")
def schema() -> Response:
    """The shape of a rules file."""
    text = (files("contact_hub.routing.file") / "rules.schema.json").read_text("utf-8")
    return Response(text, mimetype="application/schema+json")
