"""What rules cost in memory: measured in fresh processes, from what each holds before it has any rules."""

import gc
import json
import subprocess
import sys
from pathlib import Path

from bench import rules_workload
from contact_hub.routing.file.rulebook import read_rulebook
from contact_hub.routing.index.compiled import dumps, loads

WAYS = ("loaded compiled", "read from the file")


def apart(count: int) -> dict[str, float]:
    """MB by which a process grows that takes on `count` rules and decides on all contacts of the workload, by the way."""
    grown = {}
    data = dumps(read_rulebook(rules_workload.rules(count)))
    for way in WAYS:
        command = [sys.executable, "-m", "bench.rules_memory", str(count), way]
        grown[way] = float(json.loads(subprocess.check_output(command, input=data)))
    return grown


def _grown(count: int, way: str) -> float:
    contacts, text = rules_workload.contacts(), rules_workload.rules(count)
    data = sys.stdin.buffer.read() if way == WAYS[0] else b""
    read_rulebook(rules_workload.rules(10)).decide(contacts[0])
    before = _resident()
    book = loads(data) if data else read_rulebook(text)
    for contact in contacts:
        book.decide(contact)
    gc.collect()
    return _resident() - before


def _resident() -> float:
    """The resident memory of this process in MB."""
    status = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_grown(int(sys.argv[1]), sys.argv[2])))
