"""The same small Lindervelde that the tests of the doors have, and the application before it."""

from flask.testing import FlaskClient

from tests.channels.conftest import app, client

__all__ = ["app", "client", "with_token"]


def with_token(client: FlaskClient) -> FlaskClient:
    """The client, with the page's token in each request."""
    client.environ_base["HTTP_X_CSRFTOKEN"] = client.get("/sign-in/here").json["token"]
    return client
