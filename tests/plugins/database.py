"""
The migrated template that every test database is cloned from.

Migrations of all apps take the better part of a minute, a clone a fraction of a second. Two templates are kept: one
holds the migrations of installed packages (and of those apps of ours that they depend on), which rarely change; the
other adds ours. Each is keyed by a hash of what it was made from, so a stale one is never used.
"""

import hashlib
import os
import subprocess
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from psycopg2 import sql

from apps.kernel import tenancy
from tests.plugins import servers

PREFIX = "s2b2c_test"
KEPT_TEMPLATES = 2
KEPT_DUMPS = 12


def statement(text: str, *names: str) -> None:
    """Run one statement about whole databases, outside every transaction."""
    with closing(psycopg2.connect(os.environ["DATABASE_URL"], connect_timeout=5)) as server:
        server.autocommit = True
        with server.cursor() as cursor:
            cursor.execute(sql.SQL(text).format(*map(sql.Identifier, names)))


def databases(prefix: str) -> list[str]:
    """Names of the databases that begin with ``prefix``, oldest first."""
    with closing(psycopg2.connect(os.environ["DATABASE_URL"], connect_timeout=5)) as server, server.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY oid", [prefix])
        return [row[0] for row in cursor.fetchall()]


def clone(template: str, name: str) -> str:
    """Replace database ``name`` by a copy of ``template``; its name."""
    drop(name)
    statement("CREATE DATABASE {} TEMPLATE {}", name, template)
    return name


def drop(name: str) -> None:
    """Drop a database and whoever is connected to it."""
    statement("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def url_of(name: str) -> str:
    """The libpq address of another database on the tests' server."""
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


def use(name: str) -> None:
    """Point Django's default connection at database ``name``."""
    connections.close_all()
    connection.settings_dict["NAME"] = name
    settings.DATABASES["default"]["NAME"] = name


def migrated_template() -> str:
    """The name of the template with every migration applied; built if there is none for this state of the code."""
    ours = _our_migrations()
    name = f"{PREFIX}_all_{digest([*_surroundings(), *contents(ours)])}"
    with servers.exclusive("template"):
        if name not in databases(name):
            build(name, template=_packages_template, migrate=_migrate_everything)
            forget_old(f"{PREFIX}_all_")
    return name


def _packages_template() -> str:
    executor = MigrationExecutor(None)
    labels = {config.label for config in apps.get_app_configs() if not _is_ours(config.path)}
    targets = [node for node in executor.loader.graph.leaf_nodes() if node[0] in labels]
    planned = {node for target in targets for node in executor.loader.graph.forwards_plan(target)}
    needed_of_ours = [path for path in _our_migrations() if (_label_of(path), path.stem) in planned]
    name = f"{PREFIX}_packages_{digest([*_surroundings(), *contents(needed_of_ours)])}"
    if name not in databases(name):
        build(name, template=lambda: "template0", migrate=lambda _: _migrate_to(targets))
        forget_old(f"{PREFIX}_packages_")
    return name


def build(name: str, *, template: Callable[[], str], migrate: Callable[[str], None]) -> None:
    """Make database ``name``: from a cached dump of it, or from ``template`` by ``migrate(name)``."""
    unfinished = f"{name}_unfinished"
    if servers.EXTERNAL_DATABASE:
        _fill(unfinished, template=template, migrate=migrate)
    else:
        dump = servers.CACHE / f"{name}.dump"
        with servers.exclusive(name, directory=servers.CACHE):
            if dump.exists():
                clone("template0", unfinished)
                # What the dump grants goes to a role, and roles are the server's, not the database's.
                statement(tenancy.CREATE_ROLE.replace("{", "{{").replace("}", "}}"))
                run_tool("pg_restore", "--no-owner", "-d", url_of(unfinished), str(dump))
            else:
                _fill(unfinished, template=template, migrate=migrate)
                _keep_dump(unfinished, dump)
    statement("ALTER DATABASE {} RENAME TO {}", unfinished, name)


def _fill(name: str, *, template: Callable[[], str], migrate: Callable[[str], None]) -> None:
    clone(template(), name)
    before = connection.settings_dict["NAME"]
    use(name)
    try:
        migrate(name)
    finally:
        use(before)


def _keep_dump(name: str, dump: Path) -> None:
    unfinished = dump.with_suffix(".unfinished")
    run_tool("pg_dump", "-Fc", "-Z1", "-f", str(unfinished), url_of(name))
    unfinished.replace(dump)
    for old in sorted(dump.parent.glob("*.dump"), key=lambda path: path.stat().st_mtime)[:-KEPT_DUMPS]:
        old.unlink()


def run_tool(tool: str, *arguments: str) -> None:
    """Run one of PostgreSQL's own tools."""
    subprocess.run([servers.postgres.binaries / tool, *arguments], check=True, stdin=subprocess.DEVNULL)


def _migrate_to(targets: list[tuple[str, str]]) -> None:
    MigrationExecutor(connection).migrate(targets)


def _migrate_everything(_: str) -> None:
    call_command("migrate", verbosity=0, interactive=False)


def forget_old(prefix: str) -> None:
    """Drop all but the newest databases that begin with ``prefix``."""
    for name in databases(prefix)[:-KEPT_TEMPLATES]:
        drop(name)


def _our_migrations() -> list[Path]:
    return sorted(servers.PROJECT.glob("apps/**/migrations/*.py"))


def _is_ours(path: str) -> bool:
    return Path(path).is_relative_to(servers.PROJECT / "apps")


def _label_of(migration: Path) -> str:
    package = migration.parent.parent
    return next((config.label for config in apps.get_app_configs() if Path(config.path) == package), package.name)


def _surroundings() -> list[bytes]:
    pins = (servers.PROJECT / "requirements.txt").read_bytes()
    return [pins, repr(settings.INSTALLED_APPS).encode(), repr(settings.MIGRATION_MODULES).encode()]


def contents(paths: Iterable[Path]) -> list[bytes]:
    """Names and contents of files, for a digest."""
    return [part for path in paths for part in (str(path.relative_to(servers.PROJECT)).encode(), path.read_bytes())]


def digest(parts: Iterable[bytes]) -> str:
    """16 hex digits that stand for ``parts``."""
    found = hashlib.sha256()
    for part in parts:
        found.update(len(part).to_bytes(8, "big") + part)
    return found.hexdigest()[:16]
