"""
Brings a database and the static files up to date: ``python -m s2b2c.supervisor.prepare [database] [static]``.

What was done is written down (in the database itself, and beside the static files), so that the next start, which asks
with ``pending``, skips it without loading Django.
"""

import fcntl
import os
import sys
from contextlib import closing
from pathlib import Path

import psycopg2

from s2b2c.supervisor import fingerprints

PROJECT = Path(__file__).resolve().parent.parent.parent
MARK = ".fingerprint"
RECORD = """
CREATE SCHEMA IF NOT EXISTS supervisor;
CREATE TABLE IF NOT EXISTS supervisor.state (key text PRIMARY KEY, value text NOT NULL);
INSERT INTO supervisor.state (key, value) VALUES (%(key)s, %(value)s)
ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value
"""


def pending(*, database_url: str, static_root: Path, scale: str) -> list[str]:
    """The parts of ``prepare`` that have something to do, in the order of their duration."""
    parts = []
    if _state_of(database_url) != _wanted_state(scale):
        parts.append("database")
    if not _static_is_fresh(static_root):
        parts.append("static")
    return parts


def _wanted_state(scale: str) -> dict[str, str]:
    migrations = fingerprints.of_migrations(PROJECT)
    return {"migrations": migrations, "seed": f"{scale} {migrations}"} if scale else {"migrations": migrations}


def _state_of(database_url: str) -> dict[str, str]:
    with closing(psycopg2.connect(database_url, connect_timeout=5)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('supervisor.state')")
        if cursor.fetchone() == (None,):
            return {}
        cursor.execute("SELECT key, value FROM supervisor.state")
        return dict(cursor.fetchall())


def _record(database_url: str, key: str, value: str) -> None:
    with closing(psycopg2.connect(database_url, connect_timeout=5)) as connection, connection.cursor() as cursor:
        cursor.execute(RECORD, {"key": key, "value": value})
        connection.commit()


def _static_is_fresh(static_root: Path) -> bool:
    mark = static_root / MARK
    return mark.exists() and mark.read_text() == fingerprints.of_static(PROJECT)


def _prepare_database() -> None:
    from django.core.management import call_command

    url, scale = os.environ["DATABASE_URL"], os.environ.get("SCALE", "demo")
    wanted = _wanted_state(scale if os.environ.get("S2B2C_DEMO") == "1" else "")
    done = _state_of(url)
    if done.get("migrations") != wanted["migrations"]:
        call_command("migrate", verbosity=1, interactive=False)
        _record(url, "migrations", wanted["migrations"])
    if "seed" in wanted and done.get("seed") != wanted["seed"]:
        call_command("seed_demo")
        _record(url, "seed", wanted["seed"])


def _prepare_static() -> None:
    from django.conf import settings
    from django.core.management import call_command

    root = Path(settings.STATIC_ROOT)
    root.parent.mkdir(parents=True, exist_ok=True)
    with root.with_name(f"{root.name}.lock").open("w") as lock:
        # Whoever collects into the same place at the same time waits, and finds it done.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _static_is_fresh(root):
            return
        # Taken first: a file that changes meanwhile makes the next start collect again.
        mark = fingerprints.of_static(PROJECT)
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)
        (root / MARK).write_text(mark)


def main(parts: list[str]) -> None:
    """Do the named parts."""
    import django

    django.setup()
    for part in parts:
        {"database": _prepare_database, "static": _prepare_static}[part]()


if __name__ == "__main__":
    main(sys.argv[1:])
