"""The contract with the outside, line by line, over HTTP, by somebody who knows nothing else."""

import json
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import psutil
import pytest
from celery import Celery

from tests.journeys import outsider as keys
from tests.journeys.figures.books import Books, eventually
from tests.journeys.figures.buyers import decide, order_of
from tests.journeys.outsider import CHINESE, Outsider, has

# What "told" starts goes on meanwhile; test_contract_partners asks for it at its end.
pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("told")]

SCHEMA = Path(__file__).resolve().parent.parent.parent / "config" / "openapi.json"


# What everybody may read


def test_health_is_public_and_metrics_are_not(guest):
    assert guest.send("GET", "/health/live").body["status"] == "ok"
    ready = guest.send("GET", "/health/ready")
    assert ready.status == 200
    assert {"database", "redis", "relay", "worker"} <= set(ready.body["checks"])
    assert guest.send("GET", "/metrics").status == 200
    for header in ("x_forwarded_for", "x_real_ip", "forwarded"):
        assert guest.send("GET", "/metrics", **{header: "203.0.113.9"}).status == 404


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_schema_is_the_checked_in_one(guest, language):
    guest.language = language
    answer = guest.send("GET", "/api/v1/schema/")
    assert answer.body["openapi"].startswith("3.1")
    assert answer.body == json.loads(SCHEMA.read_text())
    assert guest.send("GET", "/api/v1/docs/").status == 200


def test_products_are_listed_filtered_ordered_and_paged(guest):
    page = guest.get("products/")
    assert set(page) == {"count", "next", "previous", "results", "facets"}
    assert len(page["results"]) == 20
    assert all(set(card) == keys.CARD for card in page["results"])
    second = httpx.get(page["next"]).json()
    assert httpx.get(second["previous"]).json()["count"] == page["count"]
    assert len(guest.get("products/?page_size=1000")["results"]) == 100
    for facet in ("kind", "category", "brand"):
        for value in page["facets"][facet][:2]:
            assert guest.get(f"products/?{facet}={value['value']}&page_size=1")["count"] == value["count"]
    prices = [float(card["price"]["amount"]) for card in guest.get("products/?ordering=-price")["results"]]
    assert prices == sorted(prices, reverse=True)
    between = guest.get("products/?price_min=1000&price_max=2000&ordering=price")["results"]
    assert all(1000 <= float(card["price"]["amount"]) <= 2000 for card in between)
    assert guest.get("products/?q=jiyou")["count"] > 0
    for query in ("kind=tank", "price_min=NaN", "ordering=luck", "page=x", "page_size=0", "in_stock=maybe", "fits=x"):
        guest.is_refused(400, "invalid", "GET", f"products/?{query}")
    guest.is_refused(404, "not_found", "GET", "products/?page=99999")


@pytest.mark.parametrize("kind", ["vehicle", "part", "accessory", "package"])
def test_a_product_says_everything_in_the_readers_language(guest, kind):
    card = guest.get(f"products/?kind={kind}&page_size=1")["results"][0]
    detail = has(guest.get(f"products/{card['id']}/"), keys.DETAIL)
    assert {key: detail[key] for key in keys.CARD} == card
    assert bool(detail["options"]) == (kind == "vehicle")
    assert httpx.get(detail["image"]).status_code == 200
    guest.language = "zh-hans"
    assert CHINESE.search(guest.get(f"products/{card['id']}/")["title"])
    guest.is_refused(404, "not_found", "GET", "products/99999999/")


def test_a_car_is_configured_within_its_rules(guest, cars):
    car = next(car for car in cars if any(rule["kind"] == "excludes" for rule in car["rules"]))
    whole = guest.post("configurations/", {"product_id": car["id"], "options": []}, status=201)
    assert set(whole) == {"id", "product_id", "options", "price", "breakdown", "valid"}
    defaults = {option["code"] for group in car["options"] for option in group["options"] if option["is_default"]}
    assert (set(whole["options"]), whole["valid"]) == (defaults, True)
    rule = next(rule for rule in car["rules"] if rule["kind"] == "excludes")
    impossible = {"product_id": car["id"], "options": [rule["option"], rule["other"]]}
    refusal = guest.is_refused(422, "impossible_configuration", "POST", "configurations/", impossible)
    assert refusal["context"]["rule"] == rule
    unknown = {"product_id": car["id"], "options": ["NOTHING-LIKE-IT"]}
    refusal = guest.is_refused(422, "impossible_configuration", "POST", "configurations/", unknown)
    assert refusal["context"]["rule"]["option"] == "NOTHING-LIKE-IT"
    guest.is_refused(404, "not_found", "POST", "configurations/", {"product_id": 99999999, "options": []})
    assert guest.send("POST", "/api/v1/configurations/", b'{"product_id":').code == "malformed_json"


def test_stores_are_found_by_place_service_and_city(guest):
    near = guest.get("stores/?near=31.2304,121.4737")["results"]
    assert all(has(store, keys.STORE) for store in near)
    distances = [store["distance_km"] for store in near]
    assert distances == sorted(distances)
    assert near[0]["city"] == "Shanghai"
    assert all("service" in store["services"] for store in guest.get("stores/?service=service")["results"])
    assert guest.get("stores/?city=Shanghai")["count"] == guest.get("stores/?city=310100")["count"] > 0
    for query in ("near=91,0", "near=here", "service=tea"):
        guest.is_refused(400, "invalid", "GET", f"stores/?{query}")


# Cart and checkout


def test_a_cart_is_its_visitors_own_and_refuses_nonsense(suite, guest, cars, next_offer):
    product_id = next_offer()["product_id"]
    line = has(has(guest.fill(product_id, 2).cart, keys.CART)["lines"][0], keys.CART_LINE)
    path = f"cart/lines/{line['id']}/"
    for quantity in (0, -1, 10**9):
        guest.is_refused(422, "invalid_quantity", "PATCH", path, {"quantity": quantity})
        wish = {"product_id": product_id, "quantity": quantity}
        guest.is_refused(422, "invalid_quantity", "POST", "cart/lines/", wish)
    for quantity in ("2", 1.5, None, True, [], 10**30):
        guest.is_refused(400, "invalid", "PATCH", path, {"quantity": quantity})
    stranger = Outsider(suite.base_url)
    stranger.is_refused(404, "not_found", "PATCH", path, {"quantity": 1})
    stranger.is_refused(404, "not_found", "DELETE", path)
    guest.is_refused(422, "voucher_unknown", "POST", "cart/vouchers/", {"code": "NOBODY"})
    guest.is_refused(404, "not_found", "DELETE", "cart/vouchers/NOBODY/")
    fitting = guest.get(f"products/?kind=part&fits={cars[0]['id']}&page_size=100")["results"]
    others = guest.get("products/?kind=part&page_size=100&ordering=-price")["results"]
    unfit = next(card for card in others if card["id"] not in {card["id"] for card in fitting})
    wish = {"product_id": unfit["id"], "quantity": 1, "vehicle_id": cars[0]["id"]}
    guest.is_refused(422, "part_does_not_fit", "POST", "cart/lines/", wish)
    assert [one["quantity"] for one in guest.get("cart/")["lines"]] == [2]
    assert guest.call("PATCH", path, {"quantity": 1}).body["lines"][0]["quantity"] == 1
    assert guest.call("DELETE", path).body["lines"] == []


def test_checkout_refuses_by_name_and_changes_nothing(guest, next_offer):
    guest.fill(next_offer()["product_id"])
    for changes, status, code in (
        ({"email": ""}, 422, "contact_required"),
        ({"email": "nobody"}, 422, "invalid_contact"),
        ({"email": 5}, 400, "invalid"),
        ({"fulfilment": {"method": "teleport"}}, 400, "invalid"),
        ({"fulfilment": {"method": "delivery"}}, 422, "address_incomplete"),
        ({"fulfilment": {"method": "pickup", "store_id": 99999999}}, 422, "unknown_store"),
        ({"payment": {"provider": "shells", "plan": "full"}}, 422, "unknown_provider"),
        ({"payment": {"provider": "alipay", "plan": "deposit"}}, 422, "deposit_not_offered"),
        ({"expected_total": {"amount": "1.00", "currency": "CNY"}}, 409, "price_changed"),
        ({"expected_total": {"amount": 1.0, "currency": "CNY"}}, 400, "invalid"),
        ({"points": -1}, 400, "invalid"),
    ):
        answer = guest.check_out(**changes)
        assert (answer.status, answer.code) == (status, code), answer
    guest.is_refused(400, "idempotency_key_required", "POST", "checkout/", {})
    assert len(guest.get("cart/")["lines"]) == 1


def test_a_repeated_checkout_is_the_same_order_and_another_body_is_refused(suite, guest, next_offer):
    guest.fill(next_offer()["product_id"])
    key = str(uuid.uuid4())
    first, again = guest.check_out(key=key), guest.check_out(key=key)
    assert (first.status, again.status) == (201, 201)
    assert first.body == again.body
    assert has(first.body["payment"], keys.PAYMENT)["action"]["type"] in ("redirect", "qr")
    other = guest.check_out(key=key, email="somebody.else@example.com")
    assert (other.status, other.code) == (409, "idempotency_key_reused")
    order = order_of(first, "wechatpay")
    path = f"orders/{order.number}/"
    assert has(first.body["order"], keys.ORDER) == guest.read(order)
    guest.is_refused(404, "not_found", "GET", path)
    guest.is_refused(404, "not_found", "GET", path, x_order_token="guessed")
    guest.is_refused(400, "reason_required", "POST", f"{path}cancel/", {}, x_order_token=order.token)
    page = httpx.get(order.action_url)
    assert (page.status_code, page.headers["content-type"].partition(";")[0]) == (200, "text/html")
    assert guest.cancel(order).body["status"] == "CANCELLED"


def test_changed_prices_and_empty_shelves_are_told(guest, signed_in, next_offer):
    supplier, offer = signed_in("supplier"), next_offer()
    mine = {key: offer[key] for key in ("product_id", "price", "lead_time_days", "site")}
    path = f"supplier/offers/{offer['sku']}/"
    guest.fill(offer["product_id"])
    dearer = {"amount": str(round(float(offer["price"]["amount"])) + 1) + ".00", "currency": "CNY"}
    changed = supplier.call("PUT", path, {**mine, "price": dearer})
    assert changed.body["price"] == dearer
    refusal = guest.check_out()
    assert (refusal.status, refusal.code) == (409, "price_changed")
    assert supplier.call("PUT", path, mine).body == offer
    on_shelf = {"site": offer["site"], "on_hand": 0}
    stock = supplier.call("PUT", f"supplier/stock/{offer['sku']}/", on_shelf, idempotency_key=str(uuid.uuid4()))
    assert (set(stock.body), stock.body["available"]) == (keys.STOCK, 0)
    assert [line["available"] for line in guest.get("cart/")["lines"]] == [False]
    refusal = guest.check_out()
    assert (refusal.status, refusal.code) == (409, "out_of_stock")


def test_a_payment_that_comes_too_late_goes_back_by_itself(suite, guest, next_offer):
    order = guest.buy(next_offer()["product_id"], provider="stripe")
    sandbox = f"{suite.sandbox_url}/_control/"
    httpx.post(sandbox, json={"action": "hold", "provider": "stripe"})
    assert decide(order.action_url).body["status"] == "paid"
    past = datetime.now(UTC) - timedelta(seconds=1)
    Books(suite.database_url).rows(
        "UPDATE orders_customerorder SET expires_at = %s WHERE number = %s", past, order.number
    )
    broker = psutil.Process(suite.pid("web")).environ()["REDIS_URL"]
    Celery(broker=broker, set_as_current=False).send_task("orders.expire_orders", queue="critical")
    eventually(lambda: guest.read(order)["status"], lambda status: status == "EXPIRED", seconds=40)
    httpx.post(sandbox, json={"action": "release", "provider": "stripe"})
    seen = eventually(lambda: guest.read(order), lambda order: order["refunded"] == order["total"], seconds=60)
    assert (seen["status"], seen["paid"]) == ("EXPIRED", seen["total"])
