"""Makes the pictures and documents that invented citizens attach."""

import struct
import zlib
from zlib import crc32

WIDTH, HEIGHT, HORIZON = 320, 200, 140
PNG = b"\x89PNG\r\n\x1a\n"


def content_of(name: str) -> tuple[str, bytes]:
    """The type and the content of a file of this name: a document for `.pdf`, a picture else."""
    title = name.rpartition(".")[0].replace("-", " ").capitalize()
    return ("application/pdf", document(title)) if name.endswith(".pdf") else ("image/png", picture(title))


def picture(title: str) -> bytes:
    """A street at dusk: the sky in colours of its own for every title."""
    red, green, blue = crc32(title.encode()).to_bytes(4, "big")[:3]
    rows = []
    for y in range(HEIGHT):
        light = HEIGHT - y if y < HORIZON else HEIGHT // 4
        colour = bytes((c // 2 + 64) * light // HEIGHT for c in (red, green, blue))
        rows.append(b"\0" + colour * WIDTH)
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    return PNG + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(b"".join(rows), 9)) + _chunk(b"IEND", b"")


def document(title: str) -> bytes:
    """A page with its title (PDF 1.4)."""
    stream = f"BT /F1 24 Tf 72 760 Td ({title}) Tj ET".encode("latin-1", "replace")
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    written = b"%PDF-1.4\n"
    starts = []
    for number, body in enumerate(objects, 1):
        starts.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(written))
    return written + b"xref\n0 %d\n0000000000 65535 f \n%s%s" % (len(objects) + 1, table, trailer)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", crc32(kind + content))
