"""What the log tells of each request: the route by a short pattern that stays the same, whatever verbs there are."""

import pytest
from structlog.testing import capture_logs

from tests.web.conftest import Desk


@pytest.mark.either_database
def test_a_route_is_told_without_the_choices_of_its_pattern(reception: Desk, reference: str) -> None:
    with capture_logs() as logs:
        reception.post(f"/tickets/{reference}/claim")
    told = [log["route"] for log in logs if log["event"] == "request" and log["method"] == "POST"]
    assert told == ["/tickets/<reference>/<any:verb>"]
