"""Real servers for tests and bench: PostgreSQL, Valkey, IMAP and SMTP.

Each is a context manager with `start()`, `stop()` and `.url`, listens on a free loopback port that stays the same over
a restart, and works in a folder of its own. What they start dies with the process that started it, also when that is
killed.
"""

from tests.servers.imap import ImapServer
from tests.servers.postgresql import PostgresServer
from tests.servers.processes import free_port
from tests.servers.smtp import Received, SmtpSink
from tests.servers.valkey import ValkeyServer

__all__ = ["ImapServer", "PostgresServer", "Received", "SmtpSink", "ValkeyServer", "free_port"]
