"""People on the shared suite who know the contract and nothing else."""

import itertools
from types import SimpleNamespace

import pytest

from tests.journeys.figures.buyers import decide
from tests.journeys.outsider import MODES, PROVIDERS, Outsider


@pytest.fixture(scope="session")
def signed_in(suite):
    """``signed_in(name)`` is the demo account of that name, signed in as an app."""
    known = {}

    def sign_in(name):
        if name not in known:
            known[name] = Outsider(suite.base_url).sign_in(f"{name}@demo.example")
        return known[name]

    return sign_in


@pytest.fixture
def guest(suite):
    """Somebody who just came in."""
    return Outsider(suite.base_url)


@pytest.fixture(scope="session")
def next_offer(suite, signed_in):
    """``next_offer()`` is an offer of supplier@demo.example for a part that nobody else offers, each one once."""
    visitor = Outsider(suite.base_url)
    offers = reversed(signed_in("supplier").get("supplier/offers/?page_size=100")["results"])
    singles = (offer for offer in offers if len(visitor.get(f"products/{offer['product_id']}/")["offers"]) == 1)
    return lambda: next(singles)


@pytest.fixture(scope="session")
def cars(suite):
    """Cars to configure, the details of each."""
    visitor = Outsider(suite.base_url)
    found = visitor.get("products/?kind=vehicle&in_stock=true&ordering=price")["results"]
    return [visitor.get(f"products/{card['id']}/") for card in found[:3]]


@pytest.fixture(scope="session")
def told(suite, next_offer):
    """Seven orders, each paid while the provider tells of it in another way."""
    product_id, providers, orders = next_offer()["product_id"], itertools.cycle(PROVIDERS), {}
    for mode in MODES:
        buyer, provider = Outsider(suite.base_url), next(providers)
        order = buyer.buy(product_id, provider=provider)
        decided = decide(order.action_url, notify=mode, **({"delay_seconds": 1} if mode == "late" else {}))
        assert (decided.status, decided.body["status"]) == (200, "paid"), decided
        orders[mode] = SimpleNamespace(buyer=buyer, order=order, provider=provider)
    return orders
