"""The tests' own database: cloned, isolated, and open to real threads."""

import threading

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction


def make_type(model: str) -> None:
    ContentType.objects.create(app_label="tooling", model=model)


@pytest.mark.django_db
@pytest.mark.parametrize("turn", [1, 2])
def test_a_test_leaves_nothing_to_the_next(turn):
    assert not ContentType.objects.filter(app_label="tooling").exists()
    make_type(f"turn{turn}")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_committed_rows_are_gone_and_migrated_rows_are_back(turn):
    assert not ContentType.objects.filter(app_label="tooling").exists()
    assert ContentType.objects.filter(app_label="sites").exists()
    make_type(f"turn{turn}")
    ContentType.objects.filter(app_label="sites").delete()


@pytest.mark.django_db(transaction=True)
def test_threads_race_on_rows_they_share():
    make_type("shared")
    inside, outcome = threading.Event(), []

    def second():
        inside.wait(10)
        with transaction.atomic():
            free = ContentType.objects.select_for_update(skip_locked=True).filter(app_label="tooling")
            outcome.extend(row.model for row in free)
        connection.close()

    thread = threading.Thread(target=second)
    thread.start()
    with transaction.atomic():
        ContentType.objects.select_for_update().get(app_label="tooling")
        inside.set()
        thread.join(10)

    assert not thread.is_alive()
    assert outcome == []


@pytest.mark.django_db
def test_clones_are_separate_databases(clone_database):
    assert clone_database() != clone_database()


def test_redis_is_real_and_empty(redis_url):
    import redis

    client = redis.Redis.from_url(redis_url)
    client.set("key", "value")
    assert client.get("key") == b"value"
