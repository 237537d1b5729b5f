"""Facts and handlers keep the names that others rely on."""

import re
from dataclasses import fields

import pytest

import apps.events.api as events
from apps.kernel.outbox.subscriptions import get_subscription, list_handler_names

FACTS = [fact for fact in vars(events).values() if isinstance(fact, type) and fact is not events.Fact]


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.__name__)
def test_a_fact_is_named_after_the_app_that_tells_it(fact):
    app = fact.__module__.rsplit(".", 1)[-1]
    words = re.sub(r"(?<!^)(?=[A-Z])", "_", fact.__name__).lower()
    told = words.removeprefix(f"{app.removesuffix('s')}_")  # the app's own noun need not be said twice

    assert re.fullmatch(rf"{app}\.({words}|{told})\.v[0-9]+", fact.name)


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.__name__)
def test_a_fact_is_made_of_primitives_and_names_its_aggregate(fact):
    types = {field.name: field.type for field in fields(fact)}

    assert set(types.values()) <= {int, str, bool}
    assert fact.aggregate in types


def test_every_fact_has_a_name_of_its_own():
    assert len({fact.name for fact in FACTS}) == len(FACTS)


@pytest.mark.parametrize("name", list_handler_names())
def test_a_handler_is_named_after_its_module(name):
    subscription = get_subscription(name)

    assert subscription.handle.__module__ == f"apps.{name.rpartition('.')[0]}.handlers"
    assert subscription.fact_class in FACTS
