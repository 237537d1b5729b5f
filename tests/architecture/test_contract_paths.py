"""What partners rely on: every path of the contract with dealers and suppliers is in the schema, or named as later."""

import json
from pathlib import Path

import pytest

SCHEMA = Path(__file__).resolve().parent.parent.parent / "config" / "openapi.json"
DEALER_MOVES = ("accept", "reject", "arrive", "pdi", "ready", "hand-over", "ship")
SUPPLIER_MOVES = ("accept", "reject", "ship")
PROMISED = [
    ("get", "me/entitlements/"),
    ("get", "dealer/fulfilments/"),
    ("get", "test-drives/slots/"),
    ("post", "test-drives/"),
    ("get", "test-drives/{test_drive_id}/"),
    ("post", "test-drives/{test_drive_id}/cancel/"),
    ("get", "dealer/test-drives/"),
    *(
        ("post", f"dealer/test-drives/{{test_drive_id}}/{move}/")
        for move in ("confirm", "check-in", "complete", "no-show")
    ),
    *(("post", f"dealer/fulfilments/{{fulfilment_id}}/{move}/") for move in DEALER_MOVES),
    ("get", "supplier/offers/"),
    ("get", "supplier/offers/{sku}/"),
    ("put", "supplier/offers/{sku}/"),
    ("put", "supplier/stock/{sku}/"),
    ("get", "supplier/fulfilments/"),
    *(("post", f"supplier/fulfilments/{{fulfilment_id}}/{move}/") for move in SUPPLIER_MOVES),
]
# They need apps that do not stand yet: statements need settlement.
LATER = ("dealer/statements/", "supplier/statements/")


@pytest.fixture(scope="module")
def paths() -> dict:
    return json.loads(SCHEMA.read_text(encoding="utf-8"))["paths"]


@pytest.mark.parametrize(("method", "path"), PROMISED)
def test_what_is_promised_to_partners_is_in_the_schema(paths, method, path):
    assert method in paths[f"/api/v1/{path}"]


@pytest.mark.parametrize("path", LATER)
def test_what_comes_later_is_taken_off_the_list_when_it_is_there(paths, path):
    assert f"/api/v1/{path}" not in paths
