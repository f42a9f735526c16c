"""What browsers keep: scripts, looks and pictures have the mark of their content in their address, and stay for a year.

What the build made goes out compressed, from the file beside it, as pages do (`compressing`).
"""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, request

LONG = "public, max-age=31536000, immutable"
MARKED = "built/fonts/"  # the build itself puts a mark into these names


def keep(app: Flask) -> None:
    """Marks the addresses of static files, and tells browsers to keep what was asked for by its mark."""
    app.url_defaults(_mark)
    app.after_request(_let_it_be_kept)
    app.after_request(_compressed)


def _mark(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint == "static":
        file = Path(current_app.static_folder or "", values["filename"])
        if file.is_file():
            values.setdefault("v", _mark_of(file, file.stat().st_mtime_ns))


@cache
def _mark_of(file: Path, changed_at: int) -> str:
    """The same for the same content, in however many processes; `changed_at` asks anew after a build."""
    return hashlib.sha256(file.read_bytes()).hexdigest()[:10]


def _let_it_be_kept(response: Response) -> Response:
    if request.endpoint == "static" and response.status_code in {200, 304}:
        name = (request.view_args or {}).get("filename", "")
        if "v" in request.args or name.startswith(MARKED):
            response.headers["Cache-Control"] = LONG
    return response


def _compressed(response: Response) -> Response:
    """The same file as the build compressed it, where the browser takes that and the two are of one build."""
    if request.endpoint != "static" or response.status_code not in {200, 304}:
        return response
    plain = Path(current_app.static_folder or "", (request.view_args or {})["filename"])
    small = plain.with_name(f"{plain.name}.gz")
    if not small.is_file() or small.stat().st_mtime_ns < plain.stat().st_mtime_ns:
        return response
    response.vary.add("Accept-Encoding")
    if response.status_code == 200 and request.accept_encodings.quality("gzip") > 0:
        response.close()
        response.direct_passthrough = False
        response.set_data(small.read_bytes())
        response.headers["Content-Encoding"] = "gzip"
        response.set_etag(response.get_etag()[0] or "", weak=True)  # not the same bytes, but the same content
    return response
