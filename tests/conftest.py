"""What every test may ask for: a database, Redis, a moment in time, the whole suite."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count

import hypothesis
import pytest
from django.conf import settings
from django.test import TransactionTestCase
from django.utils import translation

from tests.plugins import database, servers
from tests.plugins import live_suite as suites

# How long an example takes says something about the machine, and nothing about the code.
hypothesis.settings.register_profile("patient", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("patient")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Show what a failed journey's suite had to say."""
    report = yield
    if report.failed:
        for running in getattr(item, "funcargs", {}).values():
            if isinstance(running, suites.LiveSuite):
                report.sections += [(f"{name} of {running.home.name}", text) for name, text in running.last_words()]
    return report


@pytest.fixture(autouse=True)
def _begin_in_chinese(settings) -> None:
    """A request leaves its language active in the thread; the next test does not inherit it."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(scope="session")
def database_server() -> Iterator[None]:
    """The tests' PostgreSQL: the one of DATABASE_URL, or an embedded one under S2B2C_HOME."""
    if servers.EXTERNAL_DATABASE:
        yield
        return
    with servers.running_postgres():
        yield


@pytest.fixture(scope="session")
def template_database(database_server, django_test_environment, django_db_blocker) -> str:
    """The name of a fully migrated database to clone from. Nobody connects to it."""
    with django_db_blocker.unblock():
        return database.migrated_template()


@pytest.fixture(scope="session")
def clone_database(database_server, template_database) -> Iterator[Callable[..., str]]:
    """``clone_database(template=None) -> name``: a database of one's own, dropped at the end of the run."""
    numbers, made = count(1), []

    def clone(template: str | None = None) -> str:
        name = f"{database.PREFIX}_{os.getpid()}_copy{next(numbers)}"
        made.append(name)
        return database.clone(template or template_database, name)

    yield clone
    for name in made:
        database.drop(name)


@pytest.fixture(scope="session")
def django_db_setup(template_database, django_db_blocker) -> Iterator[None]:
    """
    Give Django a clone of the template; after a test that committed, give it a fresh one.

    Recloning takes less time than Django's flush, and keeps the rows that migrations wrote.
    """
    name = f"{database.PREFIX}_{os.getpid()}"

    def renew(*_: object) -> None:
        with django_db_blocker.unblock():
            database.use(database.clone(template_database, name))

    renew()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", renew)
        yield
    with django_db_blocker.unblock():
        database.use("postgres")
    database.drop(name)


@pytest.fixture(scope="session")
def seeded_database(template_database, django_db_blocker) -> str:
    """The name of a database that holds the demo's world, to clone from. Nobody connects to it."""
    with django_db_blocker.unblock():
        return suites.seeded_template(template_database)


@pytest.fixture(scope="module")
def fresh_database(django_db_setup, template_database, clone_database, django_db_blocker) -> Iterator[None]:
    """
    A database of the file's own, for tests that write a whole world.

    What other tests wrote and took back still lies in the tables' files, and plans made then are kept by connections
    and triggers: a world that takes seconds to write takes minutes there.
    """
    before = settings.DATABASES["default"]["NAME"]
    with django_db_blocker.unblock():
        database.use(clone_database(template_database))
    yield
    with django_db_blocker.unblock():
        database.use(before)


@pytest.fixture(scope="session")
def live_suite(seeded_database, clone_database) -> Iterator[suites.Factory]:
    """
    ``live_suite(**environment)`` starts the whole suite, production-configured, on a database of its own.

    See ``tests.plugins.live_suite.LiveSuite``: base_url, sandbox_url, kill(name), freeze(name), manage(…), stop().
    """
    factory = suites.Factory(seeded_database, clone_database)
    yield factory
    factory.stop_all()


@pytest.fixture(scope="session")
def suite(live_suite) -> suites.LiveSuite:
    """One running suite that journeys share; whoever kills or reconfigures starts a ``live_suite()`` of its own."""
    return live_suite(LIVE_PORT="")


@pytest.fixture(scope="session")
def redis_server() -> Iterator[str]:
    """The address of a Redis server of this run."""
    with servers.running_redis() as url:
        yield url


@pytest.fixture
def redis_url(redis_server, settings) -> str:
    """An empty Redis; the cache and Celery's broker settings point at it for this test."""
    import redis

    redis.Redis.from_url(redis_server).flushdb()
    settings.REDIS_URL = redis_server
    settings.CELERY_BROKER_URL = redis_server
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": redis_server},
    }
    return redis_server


@pytest.fixture
def now() -> datetime:
    """The moment at which a test plays: a Wednesday morning in Shanghai."""
    return datetime(2026, 6, 10, 2, 0, tzinfo=UTC)
