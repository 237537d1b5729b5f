"""The contract's endpoints, from an empty cart to the hand-over, and every bad input."""

import json

import pytest
from rest_framework.test import APIClient

from apps.accounts.api import Role
from apps.inventory.api import StockLevel
from apps.orders.api import CustomerOrder
from tests.factories.accounts import make_member, make_user

pytestmark = pytest.mark.usefixtures("frozen")
ADDRESS = {
    "name": "王小明",
    "phone": "13800138000",
    "province": "上海市",
    "city": "上海市",
    "district": "浦东新区",
    "line": "世纪大道 100 号",
}
DELIVERY = {"method": "delivery", "address": ADDRESS}
FULL = {"provider": "wechatpay", "plan": "full"}


class Api:
    """A client that speaks JSON and remembers its cookies."""

    def __init__(self, user=None):
        self.client = APIClient()
        if user is not None:
            self.client.force_login(user)

    def call(self, method, path, body=None, **headers):
        extra = {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        return getattr(self.client, method)(f"/api/v1/{path}", body, format="json", **extra)

    def get(self, path, **headers):
        return self.call("get", path, **headers)

    def post(self, path, body=None, **headers):
        return self.call("post", path, body if body is not None else {}, **headers)

    def fill(self, product, quantity=1, **more):
        response = self.post("cart/lines/", {"product_id": product.pk, "quantity": quantity, **more})
        assert response.status_code == 200, response.json()
        return response.json()

    def check_out(self, key="key-1", **changes):
        cart = self.get("cart/").json()
        body = {
            "email": "guest@example.com",
            "fulfilment": DELIVERY,
            "payment": FULL,
            "expected_total": cart["total"],
            **changes,
        }
        return self.post("checkout/", body, idempotency_key=key)


@pytest.fixture
def guest(shop):
    return Api()


@pytest.fixture
def filled(guest, shop):
    """A guest with one part of 120.00 in the cart."""
    guest.part = shop.part(price="120.00", stock=5)
    guest.fill(guest.part)
    return guest


def test_a_line_shows_its_picture_by_its_full_address_as_products_do(filled):
    product = filled.get(f"products/{filled.part.pk}/").json()

    (line,) = filled.get("cart/").json()["lines"]
    assert line["image"] == product["image"]
    assert line["image"].startswith("http://")
    body = filled.check_out().json()
    assert body["order"]["lines"][0]["image"].startswith("http://")


def test_a_provider_sends_the_buyer_back_to_the_cashier_which_waits_for_its_news(filled, shop):
    number = filled.check_out().json()["order"]["number"]

    assert next(iter(shop.gateway.trades.values())).order.return_url.endswith(f"/checkout/pay/{number}/")


def test_a_guest_buys_a_part_and_reads_the_order_with_its_token(filled, shop):
    response = filled.check_out()
    assert response.status_code == 201, response.json()
    body = response.json()
    assert body["payment"]["status"] == "PENDING"
    assert body["payment"]["action"]["type"] == "redirect"
    assert body["payment"]["amount"] == {"amount": "120.00", "currency": "CNY"}
    number, token = body["order"]["number"], body["order_token"]
    assert body["order"] == filled.get(f"orders/{number}/", x_order_token=token).json()

    shop.pay(body["payment"]["id"])

    assert filled.get(f"orders/{number}/").status_code == 404
    assert filled.get(f"orders/{number}/", x_order_token="wrong").status_code == 404
    order = filled.get(f"orders/{number}/", x_order_token=token, accept_language="en").json()
    assert order["status"] == "PLACED"
    assert order["paid"] == {"amount": "120.00", "currency": "CNY"}
    assert order["balance_due"]["amount"] == "0.00"
    assert order["lines"][0]["quantity"] == 1
    (seller_order,) = order["seller_orders"]
    (fulfilment,) = seller_order["fulfilments"]
    assert fulfilment["status"] == "PENDING"
    line = order["lines"][0]
    assert fulfilment["lines"] == [
        {"line_id": line["id"], "sku": line["sku"], "title": line["title"], "quantity": 1},
    ]
    assert [entry["code"] for entry in order["timeline"]] == ["created", "payment_received", "placed"]
    assert order["timeline"][1]["text"] == "Payment of ¥120 received."


def test_the_supplier_accepts_and_ships_what_leaves_its_site(filled, shop):
    body = filled.check_out().json()
    shop.pay(body["payment"]["id"])
    supplier = Api(make_member(Role.SUPPLIER, shop.supplier))
    (task,) = supplier.get("supplier/fulfilments/").json()["results"]
    assert task["recipient"]["line"] == ADDRESS["line"]
    path = f"supplier/fulfilments/{task['id']}"
    assert (
        supplier.post(f"{path}/ship/", {"carrier": "顺丰", "tracking_number": "SF1"}).json()["code"]
        == "move_not_allowed"
    )
    assert supplier.post(f"{path}/accept/").json()["status"] == "PICKED"
    assert supplier.post(f"{path}/ship/", {"carrier": "", "tracking_number": "SF1"}).status_code == 400
    shipped = supplier.post(f"{path}/ship/", {"carrier": "顺丰", "tracking_number": "SF1"}).json()
    assert shipped["status"] == "SHIPPED"
    assert shipped["tracking"] == {"carrier": "顺丰", "number": "SF1"}
    order = filled.get(f"orders/{body['order']['number']}/", x_order_token=body["order_token"]).json()
    assert order["seller_orders"][0]["fulfilments"][0]["tracking"] == {"carrier": "顺丰", "number": "SF1"}
    received = filled.post(
        f"orders/{order['number']}/fulfilments/{task['id']}/received/", x_order_token=body["order_token"]
    )
    assert received.json()["status"] == "COMPLETED"


def test_the_dealer_walks_a_car_to_hand_over(shop):
    buyer = Api(make_user())
    buyer.fill(shop.car())
    pickup = {"method": "pickup", "store_id": shop.store.pk}
    body = buyer.check_out(fulfilment=pickup, payment={"provider": "wechatpay", "plan": "deposit"}, email=None).json()
    shop.pay(body["payment"]["id"])
    dealer = Api(make_member(Role.DEALER_CLERK, shop.dealer))
    (task,) = dealer.get("dealer/fulfilments/").json()["results"]
    path = f"dealer/fulfilments/{task['id']}"
    assert task["is_paid"] is False
    assert len(task["lines"][0]["vins"]) == 1
    assert dealer.post(f"{path}/arrive/").status_code == 409
    assert dealer.post(f"{path}/accept/").json()["status"] == "IN_TRANSIT"
    assert dealer.post(f"{path}/arrive/").json()["status"] == "ARRIVED"
    assert dealer.post(f"{path}/ready/").json()["code"] == "move_not_allowed"
    assert dealer.post(f"{path}/hand-over/", {"code": "000000"}).json()["code"] == "move_not_allowed"
    assert dealer.post(f"{path}/pdi/").json()["status"] == "PDI_PASSED"
    assert dealer.post(f"{path}/ready/").json()["status"] == "READY"
    order = CustomerOrder.objects.get(number=body["order"]["number"])
    code = shop.code_of(order.fulfilments.get())
    refusal = dealer.post(f"{path}/hand-over/", {"code": code})
    assert (refusal.status_code, refusal.json()["code"]) == (409, "balance_due")

    paid = buyer.post(f"orders/{order.number}/pay/", {"provider": "alipay", "tender": "balance"}, idempotency_key="p1")
    assert paid.status_code == 200, paid.json()
    assert paid.json()["amount"]["amount"] == "152910.00"
    shop.pay(paid.json()["id"], provider="alipay")

    wrong = "111111" if code != "111111" else "222222"
    refusal = dealer.post(f"{path}/hand-over/", {"code": wrong})
    assert (refusal.status_code, refusal.json()["code"]) == (422, "wrong_code")
    assert dealer.post(f"{path}/hand-over/", {"code": code}).json()["status"] == "HANDED_OVER"
    assert dealer.post(f"{path}/hand-over/", {"code": code}).status_code == 200
    order = buyer.get(f"orders/{order.number}/").json()
    assert order["status"] == "COMPLETED"
    assert buyer.get("orders/").json()["results"] == [buyer.get(f"orders/{order['number']}/").json()]


def test_the_same_key_gives_the_same_answer_and_another_body_is_refused(filled):
    first = filled.check_out()
    cart_total = {"amount": "120.00", "currency": "CNY"}
    again = filled.check_out(expected_total=cart_total)
    assert again.status_code == 201
    assert again.json() == first.json()
    other = filled.check_out(expected_total=cart_total, email="other@example.com")
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")
    assert CustomerOrder.objects.count() == 1


def test_checkout_asks_for_a_key(filled):
    response = filled.post("checkout/", {})
    assert (response.status_code, response.json()["code"]) == (400, "idempotency_key_required")


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"email": None}, 422, "contact_required"),
        ({"email": "", "phone": ""}, 422, "contact_required"),
        ({"email": "nonsense"}, 422, "invalid_contact"),
        ({"phone": "12"}, 422, "invalid_contact"),
        ({"email": 5}, 400, "invalid"),
        ({"payment": {"provider": "bitcoin", "plan": "full"}}, 422, "unknown_provider"),
        ({"payment": {"provider": "wechatpay", "plan": "never"}}, 400, "invalid"),
        ({"payment": {"provider": "wechatpay", "plan": "deposit"}}, 422, "deposit_not_offered"),
        ({"payment": "wechatpay"}, 400, "invalid"),
        ({"payment": None}, 400, "invalid"),
        ({"fulfilment": {"method": "drone"}}, 400, "invalid"),
        ({"fulfilment": {"method": "pickup"}}, 422, "unknown_store"),
        ({"fulfilment": {"method": "pickup", "store_id": 987654}}, 422, "unknown_store"),
        ({"fulfilment": {"method": "pickup", "store_id": "1"}}, 400, "invalid"),
        ({"fulfilment": {"method": "pickup", "store_id": 2**63}}, 400, "invalid"),
        ({"fulfilment": {"method": "delivery"}}, 422, "address_incomplete"),
        ({"fulfilment": {"method": "delivery", "address": {**ADDRESS, "line": " "}}}, 422, "address_incomplete"),
        ({"fulfilment": {"method": "delivery", "address": {**ADDRESS, "phone": "1"}}}, 422, "address_incomplete"),
        ({"fulfilment": {"method": "delivery", "address": "here"}}, 400, "invalid"),
        ({"fulfilment": []}, 400, "invalid"),
        ({"expected_total": "120.00"}, 400, "invalid"),
        ({"expected_total": {"amount": 120, "currency": "CNY"}}, 400, "invalid"),
        ({"expected_total": {"amount": "1.00", "currency": "CNY"}}, 409, "price_changed"),
        ({"expected_total": {"amount": "120.00", "currency": "USD"}}, 409, "price_changed"),
        ({"points": 10}, 422, "points_not_enough"),
        ({"points": -1}, 400, "invalid"),
        ({"points": True}, 400, "invalid"),
    ],
)
def test_checkout_refuses_bad_input_by_name_and_changes_nothing(filled, changes, status, code):
    response = filled.check_out(**changes)
    assert (response.status_code, response.json()["code"]) == (status, code), response.json()
    assert response.json()["message"]
    assert not CustomerOrder.objects.exists()
    assert StockLevel.objects.get(product=filled.part).reserved == 0
    assert len(filled.get("cart/").json()["lines"]) == 1


def test_a_changed_price_is_told_with_the_new_total(filled):
    refusal = filled.check_out(expected_total={"amount": "99.00", "currency": "CNY"}).json()
    assert refusal["context"]["total"] == {"amount": "120.00", "currency": "CNY"}


def test_an_incomplete_address_names_its_fields(filled):
    address = {**ADDRESS, "name": "", "phone": "abc"}
    refusal = filled.check_out(fulfilment={"method": "delivery", "address": address}).json()
    assert set(refusal["fields"]) == {"fulfilment.address.name", "fulfilment.address.phone"}


def test_out_of_stock_names_the_line(guest, shop):
    part = shop.part(stock=1)
    guest.fill(part, 2)
    refusal = guest.check_out()
    assert (refusal.status_code, refusal.json()["code"]) == (409, "out_of_stock")
    assert refusal.json()["context"]["lines"][0] | {"line_ref": ""} == {
        "line_ref": "", "product_id": part.pk, "requested": 2, "available": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("quantity", "status", "code"),
    [
        (0, 422, "invalid_quantity"),
        (-1, 422, "invalid_quantity"),
        (10**9, 422, "invalid_quantity"),
        (2**70, 400, None),
        ("2", 400, "invalid"),
        (True, 400, "invalid"),
        (1.5, 400, "invalid"),
        (None, 400, "invalid"),
        ([1], 400, "invalid"),
    ],
)
def test_cart_lines_refuse_bad_quantities(filled, quantity, status, code):
    response = filled.post("cart/lines/", {"product_id": filled.part.pk, "quantity": quantity})
    assert response.status_code == status, response.json()
    assert code is None or response.json()["code"] == code
    line = filled.get("cart/").json()["lines"][0]
    changed = filled.call("patch", f"cart/lines/{line['id']}/", {"quantity": quantity})
    assert changed.status_code == status
    assert filled.get("cart/").json()["lines"][0]["quantity"] == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"product_id": "7"}, 400),
        ({"product_id": 987654}, 404),
        ({"product_id": 2**62}, 404),
        ([], 400),
        ("text", 400),
        ({"product_id": 1, "configuration_id": "no-uuid"}, 400),
    ],
)
def test_cart_lines_refuse_what_is_no_product(guest, body, status):
    response = guest.post("cart/lines/", body)
    assert response.status_code == status, response.json()
    assert response.json()["code"]


def test_malformed_json_is_named(guest):
    response = guest.client.post("/api/v1/cart/lines/", "{", content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (400, "malformed_json")


def test_an_unknown_voucher_is_refused(filled):
    response = filled.post("cart/vouchers/", {"code": "FREE"})
    assert (response.status_code, response.json()["code"]) == (422, "voucher_unknown")
    assert filled.call("delete", "cart/vouchers/FREE/").status_code == 404


def test_a_line_of_another_cart_is_not_found(filled, shop):
    line = filled.get("cart/").json()["lines"][0]["id"]
    stranger = Api()
    stranger.fill(filled.part)
    assert stranger.call("patch", f"cart/lines/{line}/", {"quantity": 3}).status_code == 404
    assert stranger.call("delete", f"cart/lines/{line}/").status_code == 404
    assert Api().call("delete", f"cart/lines/{line}/").status_code == 404
    assert filled.call("delete", f"cart/lines/{2**80}/").status_code == 404
    assert filled.get("cart/").json()["lines"][0]["quantity"] == 1


def test_a_forged_cookie_opens_no_cart(filled):
    stranger = Api()
    stranger.client.cookies["xc_cart"] = "1:forged"
    assert stranger.get("cart/").json()["lines"] == []


def test_the_cookie_is_for_the_server_only(filled):
    cookie = filled.client.cookies["xc_cart"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_signing_in_keeps_what_was_gathered(filled, shop):
    user = make_user()
    filled.client.force_login(user)
    cart = filled.get("cart/").json()
    assert [line["product_id"] for line in cart["lines"]] == [filled.part.pk]
    assert not filled.client.cookies["xc_cart"].value


def test_another_users_order_is_not_found(filled, shop):
    body = filled.check_out().json()
    number = body["order"]["number"]
    stranger = Api(make_user())
    assert stranger.get(f"orders/{number}/").status_code == 404
    assert stranger.post(f"orders/{number}/cancel/", {"reason": "x"}).status_code == 404
    pay = stranger.post(f"orders/{number}/pay/", {"provider": "alipay", "tender": "full"}, idempotency_key="k")
    assert pay.status_code == 404
    assert stranger.get("orders/").json()["count"] == 0


def test_orders_of_nobody_are_not_listed(guest):
    assert guest.get("orders/").status_code == 401


def test_cancelling_gives_everything_back(filled, shop):
    body = filled.check_out().json()
    shop.pay(body["payment"]["id"])
    number, token = body["order"]["number"], body["order_token"]
    missing = filled.post(f"orders/{number}/cancel/", {}, x_order_token=token)
    assert (missing.status_code, missing.json()["code"]) == (400, "reason_required")
    order = filled.post(f"orders/{number}/cancel/", {"reason": "改变主意"}, x_order_token=token).json()
    assert order["status"] == "CANCELLED"
    assert order["refunds"][0]["amount"] == {"amount": "120.00", "currency": "CNY"}
    assert StockLevel.objects.get(product=filled.part).allocated == 0
    shop.refund_all()
    order = filled.get(f"orders/{number}/", x_order_token=token).json()
    assert order["refunded"] == {"amount": "120.00", "currency": "CNY"}
    again = filled.post(f"orders/{number}/cancel/", {"reason": "again"}, x_order_token=token)
    assert again.status_code == 200
    assert len(again.json()["refunds"]) == 1


def test_a_refund_says_why_in_the_readers_language_beside_a_stable_code(filled, shop):
    body = filled.check_out().json()
    shop.pay(body["payment"]["id"])
    number, token = body["order"]["number"], body["order_token"]
    filled.post(f"orders/{number}/cancel/", {"reason": "改变主意"}, x_order_token=token)

    told = {}
    for language in ("en", "zh-hans"):
        (refund,) = filled.get(f"orders/{number}/", x_order_token=token, accept_language=language).json()["refunds"]
        told[language] = (refund["reason_code"], refund["reason"])

    assert told == {"en": ("order_cancelled", "Order called off"), "zh-hans": ("order_cancelled", "订单已取消")}


def test_a_shipped_order_cannot_be_cancelled(filled, shop):
    body = filled.check_out().json()
    shop.pay(body["payment"]["id"])
    supplier = Api(make_member(Role.SUPPLIER, shop.supplier))
    (task,) = supplier.get("supplier/fulfilments/").json()["results"]
    supplier.post(f"supplier/fulfilments/{task['id']}/accept/")
    supplier.post(f"supplier/fulfilments/{task['id']}/ship/", {"carrier": "顺丰", "tracking_number": "SF1"})
    number, token = body["order"]["number"], body["order_token"]
    refusal = filled.post(f"orders/{number}/cancel/", {"reason": "late"}, x_order_token=token)
    assert (refusal.status_code, refusal.json()["code"]) == (409, "cannot_cancel")
    assert refusal.json()["context"]["reason"] == "in_fulfilment"


def test_fulfilments_are_for_their_organization_only(filled, shop):
    body = filled.check_out().json()
    shop.pay(body["payment"]["id"])
    task = CustomerOrder.objects.get(number=body["order"]["number"]).fulfilments.get()
    foreign = Api(make_member(Role.SUPPLIER))
    assert foreign.get("supplier/fulfilments/").json()["count"] == 0
    for move in ("accept", "reject", "ship"):
        body = {"reason": "x", "carrier": "c", "tracking_number": "t"}
        assert foreign.post(f"supplier/fulfilments/{task.pk}/{move}/", body).status_code == 404
        assert foreign.post(f"supplier/fulfilments/987654/{move}/", body).status_code == 404
    dealer = Api(make_member(Role.DEALER_MANAGER, shop.dealer))
    for move in ("accept", "reject", "ship", "arrive", "pdi", "ready", "hand-over"):
        body = {"reason": "x", "carrier": "c", "tracking_number": "t", "code": "1"}
        assert dealer.post(f"dealer/fulfilments/{task.pk}/{move}/", body).status_code == 404
    assert dealer.get("supplier/fulfilments/").status_code == 403
    assert Api().get("dealer/fulfilments/").status_code == 401
    task.refresh_from_db()
    assert task.status == "PENDING"


def test_a_silent_provider_leaves_an_order_that_the_same_key_resumes(filled, gateway):
    gateway.is_silent = True
    cart_total = {"amount": "120.00", "currency": "CNY"}
    refusal = filled.check_out(expected_total=cart_total)
    assert (refusal.status_code, refusal.json()["code"]) == (503, "provider_unavailable")
    gateway.is_silent = False
    body = filled.check_out(expected_total=cart_total)
    assert body.status_code == 201
    assert CustomerOrder.objects.count() == 1
    number = body.json()["order"]["number"]
    assert filled.get(f"orders/{number}/", x_order_token=body.json()["order_token"]).status_code == 200


def test_a_cart_that_became_an_order_is_not_ordered_again(filled):
    total = {"amount": "120.00", "currency": "CNY"}
    filled.check_out("first", expected_total=total)
    refusal = filled.check_out("second", expected_total=total)
    assert (refusal.status_code, refusal.json()["code"]) == (409, "cart_already_ordered")
    assert json.loads(filled.get("cart/").content)["lines"] == []
