"""Pages and answers go out compressed, so that they are as light without a proxy as behind one.

How long a compressed page is may tell what stands in it, to somebody who hears the line and has the browser ask again and again
(BREACH, https://www.breachattack.com). So each is longer by a random number of bytes, in the name that gzip has room for:
"Heal the BREACH", IEEE Access 10 (2022), which Django does too.
"""

import gzip
import secrets
from io import BytesIO

from flask import Flask, Response, request

KINDS = ("text/html", "application/json", "application/problem+json", "text/csv")
SMALL = 1000  # bytes below which it is not worth while
LONGER = 100  # random bytes at most
LEVEL = 5  # nearly as small as the best, in half the time


def compress(app: Flask) -> None:
    """Compresses what is text and whole, where the browser takes it."""
    app.after_request(_compressed)


def _compressed(response: Response) -> Response:
    if response.mimetype not in KINDS or response.is_streamed or response.direct_passthrough or response.status_code == 206:
        return response
    response.vary.add("Accept-Encoding")
    data = response.get_data()
    takes_it = request.accept_encodings.quality("gzip") > 0 and "Content-Encoding" not in response.headers
    if takes_it and len(data) > SMALL and request.method != "HEAD":
        response.set_data(_gzipped(data))
        response.headers["Content-Encoding"] = "gzip"
        etag, _is_weak = response.get_etag()
        if etag:
            response.set_etag(etag, weak=True)  # not the same bytes, but the same content
    return response


def _gzipped(data: bytes) -> bytes:
    packed = BytesIO()
    name = "a" * secrets.randbelow(LONGER)
    with gzip.GzipFile(name, "wb", compresslevel=LEVEL, fileobj=packed, mtime=0) as file:
        file.write(data)
    return packed.getvalue()
