"""What was said in a ticket: by the citizen, by an agent, or as a note among colleagues; and the files that came along."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contact_hub.database import Base, Words, now


class Message(Base):
    """One turn of the conversation.

    `kind` is said (by the citizen), answer, receipt (the hub's own confirmation) or note (never leaves the house).
    `text` is what was newly written, `quoted` the folded rest. `message_id` is what later messages answer to; of an answer by
    chat, which chat it is for.
    """

    __tablename__ = "message"
    __table_args__ = (Index(None, "ticket_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    channel: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime] = mapped_column(default=now)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("agent.id"))
    author_name: Mapped[str] = mapped_column(Words(255), default="")
    text: Mapped[str] = mapped_column(Words(), default="")
    quoted: Mapped[str] = mapped_column(Words(), default="")
    message_id: Mapped[str | None] = mapped_column(Words(255), index=True)
    attachments: Mapped[list["StoredAttachment"]] = relationship(back_populates="message", order_by="StoredAttachment.id")
    answered: Mapped[list["Answered"]] = relationship()


class Answered(Base):
    """A mail that a message answers, nearly or far, by its id: whether it was ever seen here or not."""

    __tablename__ = "answered"

    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"), primary_key=True)
    key: Mapped[str] = mapped_column(Words(255), primary_key=True, index=True)


class StoredAttachment(Base):
    """A file of a message; its bytes stand among the blobs."""

    __tablename__ = "attachment"

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"), index=True)
    name: Mapped[str] = mapped_column(Words(255))
    content_type: Mapped[str] = mapped_column(Words(128))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    content_id: Mapped[str] = mapped_column(Words(255), default="")
    inline: Mapped[bool] = mapped_column(default=False)
    message: Mapped[Message] = relationship(back_populates="attachments")
