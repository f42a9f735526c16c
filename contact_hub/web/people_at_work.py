"""Who is signed in: the agent behind a request, and the pages that ask for one."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from flask import Flask, Response, abort, current_app, g, has_request_context, redirect, request, url_for
from flask import session as flask_session
from flask_login import LoginManager, current_user, login_required, login_user, logout_user

from contact_hub import agent_sessions, api_keys, live, second_factor
from contact_hub.agents import Agent
from contact_hub.api_keys import ApiKey
from contact_hub.database import Session, now, reading
from contact_hub.web import browsers
from contact_hub.web.security import API, settings_of

View = Callable[..., Any]
SETTING_UP = ("account", "sign_in", "preferences")  # pages without which nobody sets a second factor up
sign_ins = LoginManager()


class SignedIn:
    """An agent as Flask-Login knows one, signed in by the token of a session.

    Who must have a second factor and has none yet reaches the pages of their own account, to set one up, and nothing else.
    """

    is_active = True
    is_anonymous = False

    def __init__(self, agent: Agent, token: str, *, lacks_factor: bool = False) -> None:
        self.agent = agent
        self.token = token
        self.lacks_factor = lacks_factor

    @property
    def is_authenticated(self) -> bool:
        """Whether they are let in where they ask to go."""
        return not self.lacks_factor or (has_request_context() and request.blueprint in SETTING_UP)

    def get_id(self) -> str:
        """What the session cookie remembers."""
        return self.token


def recognise(app: Flask) -> None:
    """Finds the agent of each request by the session cookie."""
    sign_ins.init_app(app, add_context_processor=False)
    sign_ins.session_protection = None  # it writes the cookie anew, also beside that of a form to sign in; no page asks for it
    sign_ins.user_loader(_by_cookie)
    sign_ins.request_loader(_by_key)
    sign_ins.unauthorized_handler(_send_to_sign_in)
    app.jinja_env.globals["me"] = who
    app.config.update(PERMANENT_SESSION_LIFETIME=agent_sessions.LONGEST, SESSION_REFRESH_EACH_REQUEST=False)


def _by_cookie(token: str) -> SignedIn | None:
    return None if key_brought() is not None else load(token)


def key_brought() -> str | None:
    """The key of the API that a request brings; None for pages, and for a request that brings none."""
    scheme, _space, key = request.headers.get("Authorization", "").partition(" ")
    return key.strip() if request.path.startswith(API) and scheme.lower() == "bearer" else None


def _by_key(_request: object) -> SignedIn | None:
    """Whose key it is, while it is in use and the account is active."""
    key = key_brought()
    if not key:
        return None
    with reading() as session:
        kept = api_keys.found(session, key)
        agent = session.get(Agent, kept.agent_id) if kept else None
    if kept is None or agent is None or not agent.active:
        return None
    if not api_keys.is_noted(kept):
        with Session.begin() as session:
            session.get_one(ApiKey, kept.id).used_at = now()
    return SignedIn(agent, "")


def load(token: str) -> SignedIn | None:
    """Whose session this is, while it lasts and the account is active."""
    with reading() as session:
        found = agent_sessions.found(session, token)
        if found is None:
            return None
        kept, agent = found
        asked = agent.role in settings_of(current_app).second_factor
        lacks_factor = asked and not second_factor.is_on(session, agent.id)
    if kept.seen_at + agent_sessions.NOTED_EVERY < now():
        with Session.begin() as session:
            agent_sessions.note_seen(session, token)
    return SignedIn(agent, token, lacks_factor=lacks_factor)


def let_in(agent: Agent, id_token: str = "") -> None:
    """Signs somebody in, in this browser; `id_token` is the provider's, where they came in by it."""
    browser = browsers.known_as(request.user_agent.string)
    with Session.begin() as session:
        token = agent_sessions.begin(session, agent, browser, id_token)
    flask_session.clear()
    flask_session.permanent = True
    login_user(SignedIn(agent, token))


def let_out() -> str:
    """Signs this browser out; gives the provider's token, where there is one."""
    token, id_token = token_here(), ""
    if token:
        with live.change() as session:
            found = agent_sessions.found(session, token)
            id_token = found[0].id_token if found else ""
            agent_sessions.end(session, token)
    logout_user()
    flask_session.clear()
    return id_token


def token_here() -> str:
    """The token of this browser's session; empty where nobody is signed in."""
    return cast(SignedIn, current_user).token if who() else ""


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


def is_refresh() -> bool:
    """Whether an open page asks for or tells something, and nobody opens a whole page."""
    return "HX-Request" in request.headers or request.headers.get("Sec-Fetch-Dest") == "empty"


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


def for_administrators(view: View) -> View:
    """A page for administrators alone; others read that it is not theirs."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if me().role != "administrator":
            abort(403)
        return view(*args, **kwargs)

    return for_agents(guarded)


def _send_to_sign_in() -> Response:
    """A page leads to the sign-in and back; a part of a page that an open desk asks for says it is signed out."""
    if getattr(current_user, "lacks_factor", False) and not is_refresh():
        return cast(Response, redirect(url_for("account.page")))
    g.signed_out = True
    if is_refresh():
        return Response(status=401)
    onward = request.full_path.rstrip("?") if request.method == "GET" else None
    return cast(Response, redirect(url_for("sign_in.form", next=onward)))
