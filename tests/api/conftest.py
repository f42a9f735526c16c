"""The same small Lindervelde that the tests of the doors have, and the application before it."""

import re

from flask.testing import FlaskClient

from tests.channels.conftest import app, client

__all__ = ["app", "client", "with_token"]


def with_token(client: FlaskClient) -> FlaskClient:
    """The client, with the page's token in each request."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/calls/new").text)
    assert found
    client.environ_base["HTTP_X_CSRFTOKEN"] = found[1]
    return client
