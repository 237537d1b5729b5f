"""A client written against the contract alone: it looks over every answer before anybody asks it anything."""

import re
import uuid
from dataclasses import dataclass
from typing import Any

from tests.journeys.figures.buyers import Answer, Buyer

ERROR = {"code", "message", "fields", "context"}
MONEY = re.compile(r"-?\d+\.\d\d")
OFFSET = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
CARD = {"id", "sku", "slug", "kind", "title", "summary", "image", "price", "list_price", "in_stock", "rating"}
DETAIL = CARD | {"description", "images", "attributes", "options", "fitment", "seller", "offers", "delivery", "stores"}
STORE = {"id", "dealer", "name", "city", "address", "location", "distance_km", "services", "opening_hours"}
CART = {"id", "lines", "vouchers", "subtotal", "discount", "shipping", "total"}
CART_LINE = {"id", "product_id", "title", "quantity", "unit_price", "discount", "total", "available"}
ORDER = {
    "number",
    "status",
    "placed_at",
    "total",
    "paid",
    "refunded",
    "balance_due",
    "lines",
    "seller_orders",
    "payments",
    "refunds",
    "timeline",
}
SELLER_ORDER = {"number", "seller", "status", "total", "fulfilments"}
FULFILMENT = {"id", "method", "status", "site", "tracking", "lines"}
PAYMENT = {"id", "provider", "status", "amount", "action"}
OFFER = {"sku", "product_id", "price", "lead_time_days", "site"}
STOCK = {"sku", "site", "on_hand", "reserved", "allocated", "available"}
MOVES = {
    "accept": {},
    "reject": {"reason": "No hands free."},
    "arrive": {},
    "pdi": {},
    "ready": {},
    "hand-over": {"code": "000000"},
    "ship": {"carrier": "SF Express", "tracking_number": "SF0000000001"},
}
PROVIDERS = ("wechatpay", "alipay", "stripe")
MODES = ("once", "twice", "never", "late", "forged", "wrong_amount", "reordered")
DOCUMENTS = ("/api/v1/schema/", "/api/v1/docs/")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@dataclass
class Outsider(Buyer):
    """Speaks English, has no cookies yet and is nobody in particular."""

    language: str = "en"

    def send(self, method: str, path: str, content: bytes | None = None, **headers: str) -> Answer:
        """Send one request; an API's answer must have the shapes that the contract names."""
        answer = super().send(method, path, content, accept_language=self.language, **headers)
        if path.startswith("/api/v1/") and path not in DOCUMENTS:
            assert answer.status < 500, answer
            look_over(answer.body)
            if answer.status >= 400:
                assert set(answer.body) == ERROR, answer
                assert answer.body["message"], answer
                assert bool(CHINESE.search(answer.body["message"])) == (self.language == "zh-hans"), answer
        return answer

    def get(self, path: str, **headers: str) -> Any:
        """Read something that is there."""
        answer = self.call("GET", path, **headers)
        assert answer.status == 200, answer
        return answer.body

    def post(self, path: str, values: Any = None, *, status: int = 200, **headers: str) -> Any:
        """Do something that must succeed, under a key of its own."""
        answer = self.call("POST", path, values or {}, **{"idempotency_key": str(uuid.uuid4()), **headers})
        assert answer.status == status, answer
        return answer.body

    def is_refused(self, status: int, code: str, method: str, path: str, values: Any = None, **headers: str) -> Any:
        """Ask for something that must be refused by this name; the refusal."""
        answer = self.call(method, path, values, **headers)
        assert (answer.status, answer.code) == (status, code), (method, path, values, answer)
        return answer.body


def look_over(value: Any, name: str = "") -> None:
    """Check every amount and every instant in a JSON value."""
    if isinstance(value, list):
        for item in value:
            look_over(item, name)
    elif isinstance(value, dict) and "currency" in value:
        assert set(value) == {"amount", "currency"}, value
        assert MONEY.fullmatch(value["amount"]), value
    elif isinstance(value, dict):
        for key, item in value.items():
            look_over(item, key)
    elif name == "at" or name.endswith("_at"):
        assert value is None or OFFSET.fullmatch(value), (name, value)


def has(value: Any, keys: set[str]) -> Any:
    """Fail unless an answer has at least these keys; the answer."""
    assert keys <= set(value), keys - set(value)
    return value
