"""The same small Lindervelde that the tests of the doors have, and the application before it."""

from tests.channels.conftest import app, client

__all__ = ["app", "client"]
