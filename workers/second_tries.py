"""Tries again everything that was set aside."""

from sqlalchemy import select

from channels.email.reading import MAIL
from channels.email.second_try import try_again
from contact_hub.arrivals import SetAside
from contact_hub.database import reading


def try_every_mail() -> int:
    """Takes in each mail that can be read by now; gives how many. The others stay where they are."""
    with reading() as session:
        waiting = select(SetAside.id).where(SetAside.settled_at.is_(None), SetAside.raw_type == MAIL)
        numbers = list(session.scalars(waiting.order_by(SetAside.id)))
    return sum(try_again(number) for number in numbers)
