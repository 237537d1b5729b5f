"""Sending tasks to a broker that is away."""

import time

import pytest
from celery import Celery
from kombu.exceptions import OperationalError

from s2b2c.celery import BROKER_REST, HurriedTask

# Nobody listens on the discard port.
NOBODY = "redis://127.0.0.1:9/0"


@pytest.fixture
def task(monkeypatch):
    monkeypatch.setattr(HurriedTask, "broker_rests_until", 0.0)
    app = Celery(broker=NOBODY, task_cls=HurriedTask, set_as_current=False)
    app.conf.task_publish_retry_policy = {"max_retries": 0}

    @app.task(name="tests.nothing", shared=False)
    def nothing():
        """Do nothing, if ever it arrived."""

    return nothing


def test_a_broker_that_failed_is_left_alone_for_a_while(task):
    with pytest.raises(OperationalError, match="refused"):
        task.delay()
    assert 0 < HurriedTask.broker_rests_until - time.monotonic() <= BROKER_REST

    with pytest.raises(OperationalError, match="a moment ago"):
        task.delay()


def test_after_its_rest_the_broker_is_asked_again(task, monkeypatch):
    with pytest.raises(OperationalError, match="refused"):
        task.delay()
    monkeypatch.setattr(HurriedTask, "broker_rests_until", time.monotonic())

    with pytest.raises(OperationalError, match="refused"):
        task.delay()


def test_every_task_of_the_suite_is_in_such_a_hurry():
    from apps.payments.tasks import execute_refund

    assert isinstance(execute_refund, HurriedTask)
