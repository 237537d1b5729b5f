"""Refusals: a stable code, a message that never fails to be told, a body of plain JSON."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext_lazy, override

from apps.kernel.api import Conflict, DomainError, Money, NotFound


class Full(Conflict):
    code = "full"
    message = "%(free)s of %(all)s free (100 %%)"


def test_the_message_names_values_of_the_context():
    assert str(Full(free=0, all=5)) == "0 of 5 free (100 %)"


def test_a_message_with_a_value_missing_is_still_told():
    assert str(Full(free=0)) == "0 of  free (100 %)"


def test_a_message_without_values_is_told_as_it_stands():
    class Rate(DomainError):
        message = "At most 20 % of the price"

    assert str(Rate(rate=30)) == "At most 20 % of the price"


def test_the_body_is_plain_json():
    error = Full(
        fields={"slot": [gettext_lazy("Taken.")]},
        free=0,
        money=Money.of("1.5"),
        at=datetime(2026, 1, 1, tzinfo=UTC),
        rate=Decimal("0.13"),
        id=UUID(int=1),
        nested={"a": (1, {2})},
        nothing=None,
        yes=True,
    )

    body = json.loads(json.dumps(error.as_body()))

    assert body["code"] == "full"
    assert body["fields"] == {"slot": ["Taken."]}
    assert body["context"] == {
        "free": 0,
        "money": {"amount": "1.50", "currency": "CNY"},
        "at": "2026-01-01T00:00:00+00:00",
        "rate": "0.13",
        "id": "00000000-0000-0000-0000-000000000001",
        "nested": {"a": [1, [2]]},
        "nothing": None,
        "yes": True,
    }


def test_the_message_is_translated_when_it_is_told():
    error = NotFound()

    with override("en"):
        assert str(error) == "We could not find this."
