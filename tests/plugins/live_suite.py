"""
The whole suite, as ``make demo`` runs it, on free ports and on a database cloned from the seeded demo.

For journeys through a browser and for tests that kill processes. Nothing here is shared with the code under test but
the database's address.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import psutil
from celery import Celery

from apps.kernel import tenancy
from apps.kernel.api import outbox
from s2b2c.supervisor import system
from s2b2c.supervisor.postgres import EmbeddedPostgres
from s2b2c.supervisor.suite import DATABASE, answers, read_health
from tests.plugins import database, servers

SUITES = servers.HOME / "suites"
# A test is one address and many people: the limits that protect the shop from that are tested where they are set.
UNLIMITED = {
    f"THROTTLE_{scope}": "100000/min" for scope in ("ANON", "USER", "CHAT", "CHECKOUT", "PAY", "HAND_OVER")
} | {
    "RATE_LOGIN": "10000/m/ip",
    "RATE_SIGNUP": "10000/m/ip",
}


class LiveSuite:
    """A running suite. ``base_url`` and ``sandbox_url`` have no slash at the end."""

    def __init__(self, *, number: int, database_url: str | None, environment: dict[str, str]) -> None:
        self.home = SUITES / f"{os.getpid()}-{number}"
        self.database_url = database_url or EmbeddedPostgres(self.home / "postgres", log=self.home / "x").url(DATABASE)
        self.output = self.home / "supervisor.log"
        self._process: subprocess.Popen[bytes] | None = None
        port, sandbox_port = system.free_port(), system.free_port()
        self.base_url, self.sandbox_url = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{sandbox_port}"
        self.environment = {
            **_clean_environment(),
            **UNLIMITED,
            # Most journeys need nobody who pushes.
            "LIVE_PORT": "off",
            **environment,
            "S2B2C_HOME": str(self.home),
            "STATIC_ROOT": str(servers.HOME / "static"),
            "PORT": str(port),
            "SANDBOX_PORT": str(sandbox_port),
        }
        if database_url:
            self.environment["DATABASE_URL"] = database_url

    @property
    def supervisor_pid(self) -> int:
        """The process id of the supervisor itself."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> "LiveSuite":
        """Start it and return when it is ready."""
        self.output.unlink(missing_ok=True)
        self._process = system.spawn(
            [sys.executable, "-m", "s2b2c.supervisor"], log=self.output, cwd=servers.PROJECT, env=self.environment
        )
        ready = system.wait_until(lambda: self._said("Ready:") or self._process.poll() is not None, seconds=240)
        if not ready or not self._said("Ready:"):
            self.stop()
            raise AssertionError(f"the suite did not start:\n{system.tail(self.output, 60)}")
        return self

    def stop(self) -> None:
        """Stop it in order; a second call does nothing."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    @property
    def live_url(self) -> str:
        """Where live connections are opened; "" without a live server."""
        return json.loads((self.home / "run" / "processes.json").read_text())["live_url"]

    # Its processes: web, worker, beat, relay, sandbox, redis; live where asked for, and postgres if it is its own

    def pid(self, name: str) -> int:
        """The process id of the named process."""
        return self._processes()[name]["pid"]

    def kill(self, name: str, *, wait: bool = True) -> None:
        """kill -9 the named process and its children; with ``wait``, return when it runs again and all is well."""
        before = self.pid(name)
        os.killpg(before, signal.SIGKILL)
        if wait:
            self.wait_restarted(name, since=before)

    def freeze(self, name: str) -> None:
        """Stop the named process and its children where they are, until ``thaw``."""
        os.killpg(self.pid(name), signal.SIGSTOP)

    def thaw(self, name: str) -> None:
        """Let a frozen process go on."""
        os.killpg(self.pid(name), signal.SIGCONT)

    def wait_restarted(self, name: str, *, since: int, seconds: float = 60) -> None:
        """Wait until the named process runs under another id than ``since`` and the suite is well again."""
        fresh = system.wait_until(lambda: name in self._processes() and self.pid(name) != since, seconds=seconds)
        assert fresh, f"{name} was not started again:\n{system.tail(self.output)}"
        works = system.wait_until(lambda: self._works(name), seconds=seconds, every=0.2)
        assert works, f"{name} does no work:\n{self.log(name)}"
        self.wait_well(seconds=seconds)

    def wait_well(self, *, seconds: float = 60) -> None:
        """Wait until ``/health/ready`` calls every dependency ok."""

        def well() -> bool:
            status, health = read_health(self.base_url)
            return status == 200 and health["status"] == "ok"

        assert system.wait_until(well, seconds=seconds, every=0.2), f"not well: {read_health(self.base_url)}"

    def manage(self, *arguments: str) -> str:
        """Run a management command in the suite's own environment; what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=servers.PROJECT,
            env=psutil.Process(self.pid("web")).environ(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def log(self, name: str, lines: int = 40) -> str:
        """The last lines that the named process logged."""
        return system.tail(self.home / "logs" / f"{name}.log", lines)

    def last_words(self) -> list[tuple[str, str]]:
        """What supervisor, web and worker logged last."""
        return [("supervisor", system.tail(self.output, 15)), *((name, self.log(name)) for name in ("web", "worker"))]

    def _works(self, name: str) -> bool:
        """Whether the named process itself answers, where health remembers or does not ask."""
        if name == "worker":
            carrier = Celery(broker=psutil.Process(self.pid("web")).environ()["REDIS_URL"], set_as_current=False)
            return bool(carrier.control.ping(timeout=1, limit=1))
        if name == "relay":
            heartbeat = self.home / "run" / "relay.heartbeat"
            return heartbeat.stat().st_mtime > self._processes()["relay"]["born"]
        if name == "live":
            return answers(f"{self.live_url.replace('ws:', 'http:')}/live/health")
        return name != "sandbox" or answers(f"{self.sandbox_url}/health")

    def wait_live(self) -> None:
        """Wait until the live server answers; it starts last."""
        assert system.wait_until(lambda: self._works("live"), seconds=60, every=0.2), self.log("live")

    def _processes(self) -> dict[str, dict]:
        return json.loads((self.home / "run" / "processes.json").read_text())["processes"]

    def _said(self, words: str) -> bool:
        return self.output.exists() and words in self.output.read_text()


class Factory:
    """Starts suites for a session and stops what is left of them at its end."""

    def __init__(self, template: str, clone_database: Callable[..., str]) -> None:
        self.template = template
        self.clone_database = clone_database
        self.started: list[LiveSuite] = []
        _forget_old_homes()

    def __call__(self, *, own_database_server: bool = False, **environment: str) -> LiveSuite:
        """
        Start a suite; keyword arguments become environment variables of all its processes.

        ``own_database_server`` gives it a PostgreSQL of its own, to be killed; it takes a few seconds more.
        """
        number = len(self.started) + 1
        url = None if own_database_server else database.url_of(self.clone_database(self.template))
        suite = LiveSuite(number=number, database_url=url, environment=environment)
        if own_database_server:
            self._fill_own_server(suite)
        self.started.append(suite)
        return suite.start()

    def stop_all(self) -> None:
        """Stop every suite that still runs."""
        for suite in reversed(self.started):
            suite.stop()

    def _fill_own_server(self, suite: LiveSuite) -> None:
        server = EmbeddedPostgres(suite.home / "postgres", log=suite.home / "logs" / "postgres.log")
        server.start()
        try:
            server.create_database(DATABASE)
            dump = suite.home / "template.dump"
            # What the dump grants goes to a role, and roles are the server's.
            with closing(server.connect()) as connection, connection.cursor() as cursor:
                cursor.execute(tenancy.CREATE_ROLE)
            database.run_tool("pg_dump", "-Fc", "-Z0", "-f", str(dump), database.url_of(self.template))
            database.run_tool("pg_restore", "--no-owner", "-d", server.url(DATABASE), str(dump))
        finally:
            server.stop()


def seeded_template(migrated: str) -> str:
    """The name of a database with the demo's world in it; keyed by the migrations and the files of the seed."""
    name = f"{database.PREFIX}_world_{migrated.rpartition('_')[2]}_{database.digest(database.contents(_seed_files()))}"
    with servers.exclusive("template"):
        if name not in database.databases(name):
            database.build(name, template=lambda: migrated, migrate=_seed)
            database.forget_old(f"{database.PREFIX}_world_")
    return name


def _seed(name: str) -> None:
    env = {
        **_clean_environment(),
        "DJANGO_SETTINGS_MODULE": "s2b2c.settings.dev",
        "DATABASE_URL": database.url_of(name),
        "S2B2C_DEMO": "1",
        "SCALE": "demo",
    }
    command = [sys.executable, "-m", "s2b2c.supervisor.prepare", "database"]
    done = subprocess.run(command, cwd=servers.PROJECT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    # What the seed told is heard once, here, and not again by every relay and every test that lets facts do their work.
    outbox.drain(now=datetime.now(UTC), strict=True)


def _seed_files() -> list[Path]:
    code = [path for path in servers.PROJECT.glob("apps/**/*.py") if "seed" in str(path) or "demo" in str(path)]
    return sorted([*code, *servers.PROJECT.glob("config/reference/*")])


def _clean_environment() -> dict[str, str]:
    ours = {"DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "PYTHONDONTWRITEBYTECODE"}
    # Each suite has a Redis of its own, whatever REDIS_URL says: it is killed, and two suites must not share queues.
    return {name: value for name, value in os.environ.items() if name not in ours and not name.startswith("PYTEST")}


def _forget_old_homes() -> None:
    for home in SUITES.glob("*-*"):
        if not psutil.pid_exists(int(home.name.partition("-")[0])):
            shutil.rmtree(home, ignore_errors=True)
