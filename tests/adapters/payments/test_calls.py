"""Bounded, guarded calls: the breaker, and what may be repeated."""

from threading import Barrier, Thread

import pytest

from apps.integrations.calls import FAILURES_TO_OPEN, OutsideCalls
from apps.payments.errors import ProviderRefused, ProviderUnavailable


@pytest.fixture
def calls():
    return OutsideCalls("somebody", transport_errors=(ConnectionError,))


def failing(times):
    """Work that fails so many times and then answers."""
    left = iter([ConnectionError()] * times)

    def work():
        for error in left:
            raise error
        return "answer"

    return work


def test_a_repeatable_call_gets_a_second_chance_and_no_third(calls):
    assert calls.repeatable(failing(1)) == "answer"
    with pytest.raises(ProviderUnavailable):
        calls.repeatable(failing(2))


def test_a_call_that_must_not_be_repeated_is_not(calls):
    with pytest.raises(ProviderUnavailable):
        calls.once(failing(1))


def test_a_provider_that_keeps_failing_is_not_asked_any_more(calls):
    for _ in range(FAILURES_TO_OPEN):
        with pytest.raises(ProviderUnavailable):
            calls.once(failing(1))

    asked = []
    with pytest.raises(ProviderUnavailable) as refusal:
        calls.repeatable(lambda: asked.append(1))

    assert asked == []
    assert refusal.value.context["reason"] == "breaker open"


def test_a_refusal_is_an_answer_and_opens_nothing(calls):
    def refuse():
        raise ProviderRefused(provider="somebody")

    for _ in range(FAILURES_TO_OPEN + 1):
        with pytest.raises(ProviderRefused):
            calls.once(refuse)
    assert calls.once(lambda: "answer") == "answer"


def test_callers_do_not_queue_up_behind_one_another(calls):
    both_inside = Barrier(2, timeout=5)
    answers = []

    def call():
        answers.append(calls.once(both_inside.wait))

    threads = [Thread(target=call) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(answers) == 2
