"""Files as they came: kept once by their SHA-256, compressed, in parts small enough to stream."""

import hashlib
from collections.abc import Iterator

import zstandard
from sqlalchemy import LargeBinary, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from contact_hub.database import Base, insert_into

PART = 1 << 20  # bytes of a file in one row, before compression
LEVEL = 1  # mail is mostly base64 and pictures: a higher level costs time and gains next to nothing


class BlobPart(Base):
    """One piece of a file; a file is its pieces in order."""

    __tablename__ = "blob_part"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


def digest(content: bytes | bytearray | memoryview) -> str:
    """The name a file is kept under."""
    return hashlib.sha256(content).hexdigest()


def store(session: Session, files: dict[str, bytes | bytearray | memoryview]) -> None:
    """Keeps each file under its digest; one that is there already is left as it is."""
    statement = insert_into(session, BlobPart).on_conflict_do_nothing()
    waiting: list[dict[str, object]] = []
    size = 0
    for sha256, number, content in _parts(files):
        waiting.append({"sha256": sha256, "number": number, "content": content})
        size += len(content)
        if size >= PART:
            session.execute(statement, waiting)
            waiting, size = [], 0
    if waiting:
        session.execute(statement, waiting)


def load(session: Session, sha256: str) -> Iterator[bytes]:
    """The file's bytes, piece by piece; nothing where there is no such file."""
    decompressor = zstandard.ZstdDecompressor()
    number = 0
    while content := session.scalar(select(BlobPart.content).filter_by(sha256=sha256, number=number)):
        yield decompressor.decompress(content)
        number += 1


def _parts(files: dict[str, bytes | bytearray | memoryview]) -> Iterator[tuple[str, int, bytes]]:
    """Every file in the order of its name, so that two writers never wait for each other in a circle."""
    compressor = zstandard.ZstdCompressor(level=LEVEL)
    for sha256 in sorted(files):
        view = memoryview(files[sha256])
        for number, start in enumerate(range(0, max(len(view), 1), PART)):
            yield sha256, number, compressor.compress(view[start : start + PART])
