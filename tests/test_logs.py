"""What stands in the logs: an object a line, and nothing a citizen wrote."""

import json
import subprocess
import sys

SPEAKS = """
import logging, structlog
from contact_hub import logs
logs.write_as_json("INFO")
structlog.get_logger().info("a mail is set aside", set_aside=7)
library = logging.getLogger("a.library")
library.info("hello from 192.0.2.7")
try:
    raise ValueError("roos@example.org can't be greeted")
except ValueError:
    library.exception("a callback failed")
"""


def test_the_hub_and_its_libraries_log_objects_without_what_citizens_wrote() -> None:
    said = subprocess.run([sys.executable, "-c", SPEAKS], capture_output=True, text=True, check=True)
    lines = [json.loads(line) for line in (said.stdout + said.stderr).splitlines()]
    assert [line["event"] for line in lines] == ["a mail is set aside", "a callback failed"]
    assert (lines[0]["set_aside"], lines[0]["level"]) == (7, "info")
    assert lines[1]["error"] == "ValueError"
    assert lines[1]["where"] == ["<string>:9"]
    assert "roos" not in said.stdout + said.stderr
