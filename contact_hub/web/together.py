"""What somebody sees of another ticket before theirs is merged into it: whose it is, about what, and where it stands."""

from flask import Blueprint, render_template, request

from contact_hub.database import reading
from contact_hub.references import number_in
from contact_hub.web import in_sight
from contact_hub.web.people_at_work import for_agents, me
from contact_hub.web.regrouping import home_in

blueprint = Blueprint("together", __name__)


@blueprint.get("/tickets/<reference>/together")
@for_agents
def look_up(reference: str) -> str:
    """The ticket whose reference is typed as `?other=`; nothing as long as that is none yet."""
    with reading() as session:
        ticket = in_sight.find_whole(session, reference, me())
        other = home_in(session, me(), request.args)
        is_whole = number_in(request.args.get("other", "")) is not None
        return render_template("desk/together_found.html", ticket=ticket, other=other, not_there=is_whole and not other)
