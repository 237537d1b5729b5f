"""Ports: made once, by the table of the settings, and swapped for a Fake while a test runs."""

import threading

import pytest
from django.core.exceptions import ImproperlyConfigured

from apps.kernel.api import ports


class Bell:
    """An adapter."""


@pytest.fixture(autouse=True)
def _table(settings):
    settings.PORTS = {"tests.bell": f"{__name__}.Bell"}
    ports._make.cache_clear()


def test_an_adapter_is_made_once():
    bell = ports.adapter("tests.bell")

    assert type(bell).__name__ == "Bell"
    assert ports.adapter("tests.bell") is bell


def test_an_unknown_port_is_named():
    with pytest.raises(ImproperlyConfigured, match=r"tests\.whistle"):
        ports.adapter("tests.whistle")


def test_using_swaps_and_restores():
    real, fake, inner = ports.adapter("tests.bell"), object(), object()

    with ports.using({"tests.bell": fake, "tests.whistle": fake}):
        with ports.using({"tests.bell": inner}):
            assert ports.adapter("tests.bell") is inner
        assert ports.adapter("tests.bell") is fake
        assert ports.adapter("tests.whistle") is fake

    assert ports.adapter("tests.bell") is real


def test_using_restores_after_an_error():
    real = ports.adapter("tests.bell")

    with pytest.raises(ZeroDivisionError), ports.using({"tests.bell": object()}):
        raise ZeroDivisionError

    assert ports.adapter("tests.bell") is real


def test_threads_meet_the_swapped_adapter_too():
    fake, met = object(), []

    with ports.using({"tests.bell": fake}):
        thread = threading.Thread(target=lambda: met.append(ports.adapter("tests.bell")))
        thread.start()
        thread.join()

    assert met == [fake]
