"""Conversations while web and live server are killed: nothing that was said is lost, doubled or out of order."""

import pytest

from tests.load import chat

pytestmark = pytest.mark.journey


def test_every_listener_hears_every_message_once_and_in_order(shop):
    suite = shop.suite
    suite.wait_live()

    visitors, listeners, failures = chat.play(
        suite.base_url,
        suite.live_url,
        conversations=5,
        connections=30,
        rate=5,
        total=60,
        kills=[lambda: suite.kill("web"), lambda: suite.kill("live")],
    )

    assert failures == []
    assert chat.faults_of(visitors, listeners) == []
    assert [len(one.sent) for one in visitors] == [12] * 5
    assert all(one.connections > 1 for one in listeners), "everybody had to connect again"


def test_whoever_forgets_the_last_number_hears_twice(shop):
    """The control: it is the number that keeps a listener who connects again from hearing twice."""
    suite = shop.suite
    suite.wait_live()

    class Forgetful(chat.Listener):
        """Always connects from the beginning."""

        last = 0

    visitors, listeners, _ = chat.play(
        suite.base_url,
        suite.live_url,
        conversations=1,
        connections=2,
        rate=5,
        total=10,
        kills=[lambda: suite.kill("live")],
        listener=Forgetful,
    )

    assert len(chat.faults_of(visitors, listeners)) == 2
