"""Who is signed in: the agent behind a request, and the pages that ask for one."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, cast

from flask import Flask, Response, abort, g, has_request_context, redirect, request, url_for
from flask_login import LoginManager, current_user, login_required

from contact_hub.agents import Agent
from contact_hub.database import reading

View = Callable[..., Any]
sign_ins = LoginManager()
A_WORKING_DAY = timedelta(hours=12)  # after which a browser that did nothing must sign in again


class SignedIn:
    """An agent as Flask-Login knows one."""

    is_authenticated = is_active = True
    is_anonymous = False

    def __init__(self, agent: Agent) -> None:
        self.agent = agent

    def get_id(self) -> str:
        """What the session cookie remembers."""
        return str(self.agent.id)


def recognise(app: Flask) -> None:
    """Finds the agent of each request by the session cookie."""
    sign_ins.init_app(app, add_context_processor=False)
    sign_ins.user_loader(load)
    sign_ins.unauthorized_handler(_send_to_sign_in)
    app.jinja_env.globals["me"] = who
    app.config.update(PERMANENT_SESSION_LIFETIME=A_WORKING_DAY, SESSION_REFRESH_EACH_REQUEST=False)


def load(number: str) -> SignedIn | None:
    """The agent with this id, while the account is active."""
    with reading() as session:
        agent = session.get(Agent, int(number))
    return SignedIn(agent) if agent and agent.active else None


def who() -> Agent | None:
    """The agent who asks; None for anybody else."""
    if not has_request_context() or not current_user.is_authenticated:
        return None
    return cast(SignedIn, current_user).agent


def me() -> Agent:
    """The agent who asks, on pages that only agents reach."""
    agent = who()
    assert agent is not None  # `for_agents` stands before
    return agent


def for_agents(view: View) -> View:
    """A page for everybody who works here."""
    return cast(View, login_required(view))


def for_leads(view: View) -> View:
    """A page for supervisors and administrators alone; others read that it is not theirs."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if not me().leads:
            abort(403)
        return view(*args, **kwargs)

    return for_agents(guarded)


def _send_to_sign_in() -> Response:
    """A page leads to the sign-in and back; a part of a page that an open desk asks for says it is signed out."""
    g.signed_out = True
    if "HX-Request" in request.headers:
        return Response(status=401)
    onward = request.full_path.rstrip("?") if request.method == "GET" else None
    return cast(Response, redirect(url_for("sign_in.form", next=onward)))
