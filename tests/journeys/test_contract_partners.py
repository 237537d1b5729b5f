"""The contract with dealers, suppliers, headquarters and providers, over HTTP, by somebody who knows nothing else."""

import json
import re
import uuid
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from tests.apps.accounts.totp import code_of
from tests.journeys import outsider as keys
from tests.journeys.figures.books import eventually
from tests.journeys.figures.buyers import decide, order_of
from tests.journeys.figures.statements import statement_of
from tests.journeys.outsider import has

pytestmark = pytest.mark.journey

PASSWORD, SECRET = "demo-pass-2026", "JBSWY3DPEHPK3PXP"
BUYER_PHONE = "13700137001"


# Dealers and suppliers


def wrong_moves(dealer, path, *fitting):
    """Fail unless every move but the fitting ones is refused in the state that the fulfilment is in."""
    for move, values in keys.MOVES.items():
        if move not in fitting:
            dealer.is_refused(409, "move_not_allowed", "POST", f"{path}{move}/", values)


def pickup_code(suite, phone):
    """The code in the newest text that a phone shows, once there is one."""
    messages = eventually(
        lambda: httpx.get(f"{suite.sandbox_url}/sms/messages", params={"phone": phone}).json(),
        lambda messages: any({"store", "code"} <= message["params"].keys() for message in messages),
        seconds=30,
    )
    return next(message["params"]["code"] for message in messages if {"store", "code"} <= message["params"].keys())


def test_a_dealer_walks_a_prepaid_car_to_its_buyer(suite, guest, signed_in, cars):
    dealer, clerk, stranger = signed_in("dealer"), signed_in("clerk"), signed_in("dealer2")
    stores = guest.get("stores/?city=Shanghai")["results"]
    store = next(store for store in stores if store["code"] == "ST-SHANGHAI-PUDONG")
    chosen = guest.post("configurations/", {"product_id": cars[0]["id"], "options": []}, status=201)
    wish = {"product_id": cars[0]["id"], "quantity": 1, "configuration_id": chosen["id"]}
    guest.cart = guest.post("cart/lines/", wish)
    bought = guest.check_out(
        email="", phone=BUYER_PHONE, fulfilment={"method": "pickup", "store_id": store["id"]},
        payment={"provider": "wechatpay", "plan": "deposit"},
    )  # fmt: skip
    order = order_of(bought, "wechatpay")
    path, token = f"orders/{order.number}/", {"x_order_token": order.token}
    balance = {"provider": "alipay", "tender": "balance"}
    guest.is_refused(409, "nothing_to_pay", "POST", f"{path}pay/", balance, idempotency_key="early", **token)
    decide(order.action_url)
    seen = eventually(lambda: guest.read(order), lambda seen: seen["status"] != "AWAITING_PAYMENT", seconds=60)
    assert (seen["status"], seen["paid"]) == ("DEPOSIT_PAID", bought.body["payment"]["amount"])
    (seller_order,) = seen["seller_orders"]
    (fulfilment,) = has(seller_order, keys.SELLER_ORDER)["fulfilments"]
    task = f"dealer/fulfilments/{has(fulfilment, keys.FULFILMENT)['id']}/"

    for move, values in keys.MOVES.items():
        stranger.is_refused(404, "not_found", "POST", f"{task}{move}/", values)
        dealer.is_refused(404, "not_found", "POST", f"dealer/fulfilments/99999999/{move}/", values)
    wrong_moves(dealer, task, "accept", "reject")
    for move, next_move, status in (
        ("accept", "arrive", "IN_TRANSIT"),
        ("arrive", "pdi", "ARRIVED"),
        ("pdi", "ready", "PDI_PASSED"),
        ("ready", "hand-over", "READY"),
    ):
        assert clerk.post(f"{task}{move}/")["status"] == status
        wrong_moves(dealer, task, next_move)
    code = {"code": pickup_code(suite, BUYER_PHONE)}
    dealer.is_refused(409, "balance_due", "POST", f"{task}hand-over/", code)

    key = {"idempotency_key": str(uuid.uuid4()), **token}
    guest.is_refused(400, "idempotency_key_required", "POST", f"{path}pay/", balance, **token)
    payment = has(guest.post(f"{path}pay/", balance, **key), keys.PAYMENT)
    assert guest.post(f"{path}pay/", balance, **key) == payment
    other = {"provider": "stripe", "tender": "balance"}
    guest.is_refused(409, "idempotency_key_reused", "POST", f"{path}pay/", other, **key)
    decide(payment["action"]["url"])
    eventually(lambda: guest.read(order)["balance_due"]["amount"], lambda due: due == "0.00", seconds=60)
    wrong = {"code": str((int(code["code"]) + 1) % 10**6).zfill(6)}
    dealer.is_refused(422, "wrong_code", "POST", f"{task}hand-over/", wrong)
    assert dealer.post(f"{task}hand-over/", code)["status"] == "HANDED_OVER"
    assert dealer.post(f"{task}hand-over/", code)["status"] == "HANDED_OVER"
    wrong_moves(dealer, task, "hand-over")
    done = guest.read(order)
    assert (done["status"], done["paid"]) == ("COMPLETED", done["total"])
    assert {"at", "code", "text"} == set(done["timeline"][0])
    guest.is_refused(409, "cannot_cancel", "POST", f"{path}cancel/", {"reason": "Too late."}, **token)


def test_a_supplier_ships_and_keeps_its_books(guest, signed_in, next_offer):
    supplier, rival, offer = signed_in("supplier"), signed_in("supplier2"), next_offer()
    path = f"supplier/offers/{has(offer, keys.OFFER)['sku']}/"
    mine = {key: offer[key] for key in ("product_id", "price", "lead_time_days", "site")}
    assert supplier.get(path) == offer
    rival.is_refused(404, "not_found", "GET", path)
    rival.is_refused(404, "not_found", "PUT", path, mine)
    supplier.is_refused(422, "unknown_site", "PUT", path, {**mine, "site": "NOWHERE"})
    shelf, count = f"supplier/stock/{offer['sku']}/", {"site": offer["site"], "on_hand": 40}
    key = {"idempotency_key": str(uuid.uuid4())}
    assert supplier.call("PUT", shelf, count, **key).body == supplier.call("PUT", shelf, count, **key).body
    supplier.is_refused(409, "idempotency_key_reused", "PUT", shelf, {**count, "on_hand": 41}, **key)
    supplier.is_refused(400, "idempotency_key_required", "PUT", shelf, count)
    rival.is_refused(404, "not_found", "PUT", shelf, count, idempotency_key="x")

    order = guest.buy(offer["product_id"], provider="alipay")
    decide(order.action_url)
    parts = eventually(lambda: guest.read(order)["seller_orders"], lambda parts: parts, seconds=60)
    number = parts[0]["fulfilments"][0]["id"]
    assert number in [task["id"] for task in supplier.get("supplier/fulfilments/")["results"]]
    task, shipment = f"supplier/fulfilments/{number}/", keys.MOVES["ship"]
    rival.is_refused(404, "not_found", "POST", f"{task}accept/", {})
    supplier.is_refused(409, "move_not_allowed", "POST", f"{task}ship/", shipment)
    assert supplier.post(f"{task}accept/")["status"] == "PICKED"
    supplier.is_refused(409, "move_not_allowed", "POST", f"{task}reject/", keys.MOVES["reject"])
    supplier.is_refused(400, "tracking_required", "POST", f"{task}ship/", {})
    assert supplier.post(f"{task}ship/", shipment)["status"] == "SHIPPED"
    supplier.is_refused(409, "move_not_allowed", "POST", f"{task}ship/", shipment)
    tracking = guest.read(order)["seller_orders"][0]["fulfilments"][0]["tracking"]
    assert tracking == {"carrier": "SF Express", "number": "SF0000000001"}


# Who is who


def test_each_endpoint_is_for_its_role(suite, guest, signed_in):
    doors = {"dealer/fulfilments/": {"dealer", "clerk"}, "supplier/fulfilments/": {"supplier"}}
    doors |= {"supplier/offers/": {"supplier"}, "orders/": {"consumer2", "dealer", "clerk", "supplier", "editor"}}
    for path, welcome in doors.items():
        guest.is_refused(401, "not_authenticated", "GET", path)
        for name in ("consumer2", "dealer", "clerk", "supplier", "editor"):
            if name in welcome:
                assert set(signed_in(name).get(path)) == {"count", "next", "previous", "results"}
            else:
                signed_in(name).is_refused(403, "forbidden", "GET", path)
    for path in ("products/?page_size=1", "stores/?page_size=1", "cart/", "me/"):
        signed_in("consumer2").get(path)


def test_a_signed_in_order_is_its_buyers_alone(signed_in, next_offer):
    buyer = signed_in("consumer2")
    bought = buyer.fill(next_offer()["product_id"]).check_out(email="")
    number = bought.body["order"]["number"]
    assert buyer.get("orders/?page_size=1")["results"][0] == buyer.get(f"orders/{number}/")
    signed_in("editor").is_refused(404, "not_found", "GET", f"orders/{number}/")
    signed_in("editor").is_refused(404, "not_found", "POST", f"orders/{number}/cancel/", {"reason": "x"})
    assert buyer.post(f"orders/{number}/cancel/", {"reason": "Only looking."})["status"] == "CANCELLED"


@pytest.mark.parametrize("name", ["hq", "auditor"])
def test_headquarters_signs_in_with_a_second_factor(suite, guest, name):
    credentials = json.dumps({"email": f"{name}@demo.example", "password": PASSWORD}).encode()
    half = guest.send("POST", "/_allauth/app/v1/auth/login", credentials)
    assert half.status == 401
    assert [flow["id"] for flow in half.body["data"]["flows"] if flow.get("is_pending")] == ["mfa_authenticate"]
    guest.headers["X-Session-Token"] = half.body["meta"]["session_token"]
    guest.is_refused(401, "not_authenticated", "GET", "me/")
    for steps in (0, 1, -1):
        code = json.dumps({"code": code_of(SECRET, steps=steps)}).encode()
        whole = guest.send("POST", "/_allauth/app/v1/auth/2fa/authenticate", code)
        if whole.status == 200:
            break
    guest.headers["X-Session-Token"] = whole.body["meta"]["session_token"]
    assert guest.get("me/")["email"] == f"{name}@demo.example"


@pytest.mark.parametrize(
    ("name", "welcome"),
    [
        ("consumer2", set()),
        ("dealer", {"/dealer/"}),
        ("clerk", {"/dealer/"}),
        ("supplier", {"/supplier/"}),
        ("hq", {"/admin/"}),
        ("editor", {"/cms/"}),
    ],
)
def test_one_sign_in_page_opens_each_surface_to_its_people(suite, name, welcome):
    with httpx.Client(base_url=suite.base_url, follow_redirects=True, timeout=60) as browser:
        for door in ("/admin/", "/cms/", "/dealer/", "/supplier/"):
            assert browser.get(door).url.path == "/account/login/"
        page = submit(browser, browser.get("/account/login/"), login=f"{name}@demo.example", password=PASSWORD)
        if name == "hq":
            assert browser.get("/admin/").url.path == "/account/2fa/authenticate/"
            steps = iter((0, 1, -1))
            while page.url.path == "/account/2fa/authenticate/":
                page = submit(browser, page, code=code_of(SECRET, steps=next(steps)))
        for door in ("/admin/", "/cms/", "/dealer/", "/supplier/"):
            assert browser.get(door).status_code == (200 if door in welcome else 403), door


def submit(browser, page, **values):
    """Fill in the form of a page and send it."""
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)[1]
    return browser.post(page.url, data={"csrfmiddlewaretoken": token, **values}, headers={"Referer": str(page.url)})


# Providers


@pytest.mark.parametrize("provider", keys.PROVIDERS)
def test_what_a_provider_did_not_sign_is_refused(guest, provider):
    assert guest.send("POST", f"/hooks/{provider}/notify/", b'{"paid": true}').status == 401


@pytest.mark.parametrize("mode", keys.MODES)
def test_however_a_provider_tells_an_order_is_paid_once(suite, told, mode):
    buyer, order = told[mode].buyer, told[mode].order
    seen = eventually(lambda: buyer.read(order), lambda seen: seen["status"] == "PLACED", seconds=90)
    assert (seen["paid"], seen["refunded"]["amount"]) == (seen["total"], "0.00")
    assert [payment["status"] for payment in seen["payments"]] == ["CAPTURED"]
    today = (datetime.now(UTC) + timedelta(hours=8)).date()
    assert ("payment", round(float(seen["total"]["amount"]) * 100)) in statement_of(
        suite.sandbox_url, told[mode].provider, today
    )
