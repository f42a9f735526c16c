"""Lists that somebody saved, with their filters: for themselves, for a team, or for everybody."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, and_, bindparam, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from contact_hub.agents import Agent
from contact_hub.database import Base, now
from contact_hub.tickets import Refused

SHARED = ("mine", "team", "all")
LONGEST = 60  # characters of a name
MOST = 30  # lists of one person


class SavedView(Base):
    """A saved list. `shared` is one of SHARED; `queue_id` says which team's. What it shows is decided for each reader anew."""

    __tablename__ = "saved_view"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(LONGEST))
    address: Mapped[dict[str, Any]]
    by_id: Mapped[int] = mapped_column(ForeignKey("agent.id"), index=True)
    shared: Mapped[str] = mapped_column(String(8))
    queue_id: Mapped[str | None] = mapped_column(ForeignKey("queue.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)


_FOUND_BY = select(SavedView).where(  # made once: every page of the inbox asks it
    or_(
        SavedView.shared == "all",
        and_(SavedView.shared == "team", SavedView.queue_id.in_(bindparam("queues", expanding=True))),
        and_(SavedView.shared == "mine", SavedView.by_id == bindparam("agent")),
    )
)


def views_of(session: Session, agent: Agent) -> list[SavedView]:
    """The lists this person finds: everybody's first, then those of the teams, then the own ones, by name."""
    found = session.scalars(_FOUND_BY, {"agent": agent.id, "queues": sorted(agent.queue_ids)})
    return sorted(found, key=lambda view: (view.shared, view.name.casefold(), view.id))


def save(
    session: Session, name: str, address: Mapping[str, str], *, by: Agent, shared: str = "mine", queue: str = ""
) -> SavedView:
    """Keeps a list. Raises Refused without a name, where it is not theirs to share it so far, or where it is there already."""
    if not name.strip():
        raise Refused("view_unnamed")
    if shared not in SHARED or (shared == "all" and not by.leads) or (shared == "team" and queue not in by.queue_ids):
        raise Refused("view_not_shared")
    found = views_of(session, by)
    for view in found:
        if view.address == dict(address) and (shared == "mine" or (view.shared, view.queue_id or "") == (shared, queue)):
            raise Refused("view_there", name=view.name)
    if sum(view.by_id == by.id for view in found) >= MOST:
        raise Refused("view_too_many", most=f"{MOST}")
    view = SavedView(
        name=name.strip()[:LONGEST],
        address=dict(address),
        by_id=by.id,
        shared=shared,
        queue_id=queue if shared == "team" else None,
    )
    session.add(view)
    return view


def rename(session: Session, number: int, name: str, *, by: Agent) -> None:
    """Calls it otherwise. Raises Refused."""
    if not name.strip():
        raise Refused("view_unnamed")
    _own(session, number, by).name = name.strip()[:LONGEST]


def forget(session: Session, number: int, *, by: Agent) -> None:
    """Throws it away. Raises Refused."""
    session.delete(_own(session, number, by))


def may_change(view: SavedView, agent: Agent) -> bool:
    """Whoever saved it, and supervisors what everybody finds."""
    return view.by_id == agent.id or (view.shared == "all" and agent.leads)


def _own(session: Session, number: int, by: Agent) -> SavedView:
    view = session.get(SavedView, number)
    if view is None or not may_change(view, by):
        raise Refused("view_missing")
    return view
