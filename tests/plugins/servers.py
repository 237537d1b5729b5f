"""
Addresses of the tests' own servers.

Loaded with ``-p`` before Django reads its settings: it names the database server without starting it, so that a run of
pure unit tests starts nothing. A ``DATABASE_URL`` or ``REDIS_URL`` from outside is left alone.

The run's parallel workers inherit our environment with these addresses in it, so what came from outside is remembered
beside them: a worker names, starts and stops the same servers as everybody else.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

# Before the project is loaded, whose doors choose production's settings; and whatever a shell has chosen.
os.environ["DJANGO_SETTINGS_MODULE"] = "s2b2c.settings.test"

from s2b2c.supervisor.postgres import EmbeddedPostgres
from s2b2c.supervisor.redis import EmbeddedRedis


def _from_outside(name: str) -> str | None:
    """What ``name`` was when the run began; None for unset or empty."""
    return os.environ.setdefault(f"S2B2C_TESTS_OUTER_{name}", os.environ.get(name, "")) or None


PROJECT = Path(__file__).resolve().parent.parent.parent
HOME = Path(_from_outside("S2B2C_HOME") or PROJECT / ".local").resolve() / "tests"
# Dumps of migrated templates, shared by all checkouts of one developer. They are keyed by their contents.
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "s2b2c" / "templates"
KEEP_SERVERS = os.environ.get("S2B2C_KEEP_SERVERS") == "1"
EXTERNAL_DATABASE = _from_outside("DATABASE_URL")
EXTERNAL_REDIS = _from_outside("REDIS_URL")

postgres = EmbeddedPostgres(HOME / "postgres", log=HOME / "logs" / "postgres.log", throwaway=True)

os.environ["S2B2C_HOME"] = str(HOME)
if not EXTERNAL_DATABASE:
    os.environ["DATABASE_URL"] = postgres.url("postgres")
if not EXTERNAL_REDIS:
    # Nobody listens on the discard port: a test that reaches for Redis without asking for it finds it down.
    os.environ["REDIS_URL"] = "redis://127.0.0.1:9/0"


@contextmanager
def exclusive(name: str, *, directory: Path = HOME) -> Iterator[None]:
    """Keep other test runs on the same ``directory`` out while we build what they could share."""
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def running_postgres() -> Iterator[EmbeddedPostgres]:
    """The tests' PostgreSQL, shared by concurrent runs on one home; the last one turns the light off."""
    HOME.mkdir(parents=True, exist_ok=True)
    with (HOME / "users.lock").open("w") as users:
        with exclusive("start"):
            fcntl.flock(users, fcntl.LOCK_SH)
            postgres.start(parent_death_signal=None)
        try:
            yield postgres
        finally:
            with exclusive("start"):
                if not KEEP_SERVERS and _nobody_else(users):
                    postgres.stop()


@contextmanager
def running_redis() -> Iterator[str]:
    """A Redis server of this run's own; its address."""
    if EXTERNAL_REDIS:
        yield EXTERNAL_REDIS
        return
    server = EmbeddedRedis(HOME / f"redis-{os.getpid()}", log=HOME / "logs" / "redis.log")
    server.start()
    try:
        yield server.url
    finally:
        server.stop()


def _nobody_else(users: IO[str]) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
