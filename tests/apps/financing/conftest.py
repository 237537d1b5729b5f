"""The shop's finance products, as they are loaded."""

import json

import pytest

from apps.financing.api import load_finance
from tests.architecture.reference_data import REFERENCE


@pytest.fixture
def finance() -> dict:
    """What ``finance.json`` says."""
    return json.loads((REFERENCE / "finance.json").read_text(encoding="utf-8"))


@pytest.fixture
def products(db, finance, now) -> int:
    """The products of ``finance.json``, written."""
    return load_finance(finance, now=now)
