"""WeChat Pay's stand-in, driven by the wechatpayv3 package."""

import csv
import gzip
import hashlib
import io
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from wechatpayv3 import WeChatPay, WeChatPayType

from tests.adapters.receiver import Received, Receiver
from tests.adapters.sandbox_process import SandboxProcess

SHANGHAI = timezone(timedelta(hours=8))


def make_client(sandbox: SandboxProcess, **overrides: Any) -> WeChatPay:
    env = sandbox.env
    client = WeChatPay(
        wechatpay_type=WeChatPayType.NATIVE,
        mchid=overrides.get("mchid", env["WECHATPAY_MCHID"]),
        private_key=Path(overrides.get("private_key_file", env["WECHATPAY_PRIVATE_KEY_FILE"])).read_text(),
        cert_serial_no=overrides.get("cert_serial", env["WECHATPAY_CERT_SERIAL"]),
        apiv3_key=env["WECHATPAY_API_V3_KEY"],
        appid=overrides.get("appid", env["WECHATPAY_APPID"]),
        public_key=Path(env["WECHATPAY_PUBLIC_KEY_FILE"]).read_text(),
        public_key_id=env["WECHATPAY_PUBLIC_KEY_ID"],
        timeout=(2, 5),
    )
    client._core._gate_way = env["WECHATPAY_BASE_URL"]
    return client


@pytest.fixture
def client(sandbox: SandboxProcess) -> WeChatPay:
    return make_client(sandbox)


@pytest.fixture
def order(client: WeChatPay, receiver: Receiver, new_number: Callable[[], str]) -> Callable[..., tuple[str, str]]:
    """Order a native payment; return its number and the cashier's address."""

    def place(total: int = 16_990_000, **more: Any) -> tuple[str, str]:
        number = new_number()
        status, body = client.pay(
            description="星驰 L6 四驱版",
            out_trade_no=number,
            amount={"total": total, "currency": "CNY"},
            notify_url=receiver.url + "/hooks/wechatpay/notify/",
            **more,
        )
        assert status == 200, body
        return number, json.loads(body)["code_url"]

    return place


def open_notice(client: WeChatPay, item: Received) -> dict[str, Any]:
    """Verify and decrypt a notification as the SDK does."""
    notice = client.callback(item.headers, item.body)
    assert notice, "the SDK refuses this notification"
    return notice


def queried(client: WeChatPay, number: str) -> dict[str, Any]:
    status, body = client.query(out_trade_no=number)
    assert status == 200, body
    return json.loads(body)


def test_a_paid_order_is_notified_once_and_found_by_both_queries(client, sandbox, receiver, order):
    number, url = order(total=12_345)
    assert queried(client, number)["trade_state"] == "NOTPAY"

    answer = sandbox.decide(url, result="success", notify="once")

    [item] = receiver.wait_for(1)
    notice = open_notice(client, item)
    assert item.path == "/hooks/wechatpay/notify/"
    assert notice["event_type"] == "TRANSACTION.SUCCESS"
    assert notice["resource"]["out_trade_no"] == number
    assert notice["resource"]["transaction_id"] == answer["trade_no"]
    assert notice["resource"]["trade_state"] == "SUCCESS"
    assert notice["resource"]["amount"]["total"] == 12_345
    assert notice["resource"]["mchid"] == sandbox.env["WECHATPAY_MCHID"]
    assert notice["resource"]["appid"] == sandbox.env["WECHATPAY_APPID"]
    assert queried(client, number)["transaction_id"] == answer["trade_no"]
    status, body = client.query(transaction_id=answer["trade_no"])
    assert (status, json.loads(body)["out_trade_no"]) == (200, number)
    assert receiver.stays_at(1)


def test_h5_and_jsapi_orders_answer_in_their_own_form(client, receiver, new_number, sandbox):
    common: dict[str, Any] = {
        "description": "机油滤清器",
        "amount": {"total": 3_900},
        "notify_url": receiver.url + "/hooks/wechatpay/notify/",
    }
    scene = {"payer_client_ip": "127.0.0.1", "h5_info": {"type": "Wap"}}
    number = new_number()
    _, h5 = client.pay(out_trade_no=number, scene_info=scene, pay_type=WeChatPayType.H5, **common)
    _, jsapi = client.pay(out_trade_no=new_number(), payer={"openid": "oTest"}, pay_type=WeChatPayType.JSAPI, **common)

    address = json.loads(h5)["h5_url"] + "&redirect_url=http%3A%2F%2Fshop.test%2Forders%2F1%2F"
    sandbox.decide(address, result="success", notify="never")
    status, page = sandbox.get(address)

    assert json.loads(jsapi)["prepay_id"].startswith("wx")
    assert queried(client, number)["trade_type"] == "MWEB"
    assert status == 200
    assert 'href="http://shop.test/orders/1/"' in page.decode()


def test_twice_delivers_the_same_notification_twice(client, sandbox, receiver, order):
    _, url = order()

    sandbox.decide(url, result="success", notify="twice")

    first, second = (open_notice(client, item) for item in receiver.wait_for(2))
    assert first["id"] == second["id"]
    assert first["resource"] == second["resource"]


def test_never_leaves_only_the_query(client, sandbox, receiver, order):
    number, url = order()

    sandbox.decide(url, result="success", notify="never")

    assert receiver.stays_at(0)
    assert queried(client, number)["trade_state"] == "SUCCESS"


def test_late_is_delivered_after_the_delay_while_the_query_knows_at_once(client, sandbox, receiver, order):
    number, url = order()

    sandbox.decide(url, result="success", notify="late", delay_seconds=1)

    assert queried(client, number)["trade_state"] == "SUCCESS"
    assert receiver.stays_at(0, seconds=0.5)
    assert open_notice(client, receiver.wait_for(1)[0])["resource"]["out_trade_no"] == number


def test_forged_has_a_signature_the_sdk_refuses_and_is_not_repeated(client, sandbox, receiver, order):
    receiver.answer = lambda _: (401, "")
    number, url = order()

    sandbox.decide(url, result="success", notify="forged")

    [item] = receiver.wait_for(1)
    assert client.callback(item.headers, item.body) is None
    assert queried(client, number)["trade_state"] == "SUCCESS"
    assert receiver.stays_at(1)


def test_forged_after_a_failure_claims_success_that_never_was(client, sandbox, receiver, order):
    number, url = order()

    sandbox.decide(url, result="fail", notify="forged")

    [item] = receiver.wait_for(1)
    assert client.callback(item.headers, item.body) is None
    assert queried(client, number)["trade_state"] == "PAYERROR"


def test_wrong_amount_is_correctly_signed_and_the_query_has_the_right_one(client, sandbox, receiver, order):
    number, url = order(total=5_000)

    sandbox.decide(url, result="success", notify="wrong_amount")

    notice = open_notice(client, receiver.wait_for(1)[0])
    assert notice["resource"]["amount"]["total"] == 4_999
    assert queried(client, number)["amount"]["total"] == 5_000


def test_reordered_sends_the_failed_attempt_after_the_success(client, sandbox, receiver, order):
    _, url = order()

    sandbox.decide(url, result="success", notify="reordered")

    success, older = (open_notice(client, item) for item in receiver.wait_for(2))
    assert success["resource"]["trade_state"] == "SUCCESS"
    assert older["resource"]["trade_state"] == "PAYERROR"
    assert older["create_time"] <= success["create_time"]


def test_a_failed_payment_is_notified_and_may_be_tried_again(client, sandbox, receiver, order):
    number, url = order()

    assert sandbox.decide(url, result="fail")["status"] == "failed"
    assert open_notice(client, receiver.wait_for(1)[0])["event_type"] == "TRANSACTION.FAIL"
    assert queried(client, number)["trade_state"] == "PAYERROR"

    assert sandbox.decide(url, result="success", notify="never")["status"] == "paid"
    assert queried(client, number)["trade_state"] == "SUCCESS"


def test_an_unanswered_notification_is_repeated_under_a_new_signature(client, sandbox, receiver, order):
    receiver.answer = lambda _: (500, "") if len(receiver.received) < 2 else (200, "")
    _, url = order()

    sandbox.decide(url, result="success")

    notices = [open_notice(client, item) for item in receiver.wait_for(3)]
    assert len({notice["id"] for notice in notices}) == 1
    assert len({item.headers["Wechatpay-Nonce"] for item in receiver.received}) == 3
    assert receiver.stays_at(3)


def test_a_closed_order_cannot_be_paid(client, sandbox, order):
    number, url = order()
    assert client.close(number)[0] == 204

    status, answer = sandbox.post_json(url, {"result": "success"})

    assert (status, answer["code"]) == (409, "not_payable")
    assert queried(client, number)["trade_state"] == "CLOSED"


def test_a_paid_order_cannot_be_closed_or_paid_again(client, sandbox, order):
    number, url = order()
    sandbox.decide(url, result="success", notify="never")

    assert client.close(number)[0] == 400
    assert sandbox.post_json(url, {"result": "success"})[0] == 409
    assert queried(client, number)["trade_state"] == "SUCCESS"


def test_an_order_closes_itself_at_its_expiry(client, sandbox, order):
    soon = datetime.now(UTC) + timedelta(seconds=1)
    number, url = order(time_expire=soon.isoformat(timespec="milliseconds"))

    while datetime.now(UTC) <= soon:
        assert queried(client, number)["trade_state"] in {"NOTPAY", "CLOSED"}

    assert sandbox.post_json(url, {"result": "success"})[0] == 409
    assert queried(client, number)["trade_state"] == "CLOSED"


def test_the_same_number_answers_the_same_cashier_and_refuses_another_amount(client, receiver, order):
    number, url = order(total=100)
    again = {"description": "x", "out_trade_no": number, "notify_url": receiver.url + "/hooks/wechatpay/notify/"}

    assert json.loads(client.pay(amount={"total": 100}, **again)[1])["code_url"] == url
    status, body = client.pay(amount={"total": 101}, **again)

    assert (status, json.loads(body)["code"]) == (403, "OUT_TRADE_NO_USED")


@pytest.mark.parametrize(
    "wrong",
    [
        {"private_key_file": "alipay_private.pem"},
        {"cert_serial": "5" * 40},
        {"mchid": "1900000001"},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_a_request_the_merchant_did_not_sign_is_refused(wrong, sandbox, new_number):
    if "private_key_file" in wrong:
        wrong = {"private_key_file": sandbox.home / "merchant" / wrong["private_key_file"]}
    stranger = make_client(sandbox, **wrong)

    status, body = stranger.pay(
        description="x", out_trade_no=new_number(), amount={"total": 1}, notify_url="http://127.0.0.1:9/"
    )

    assert (status, json.loads(body)["code"]) == (401, "SIGN_ERROR")


def test_an_old_signature_is_refused(client, order, monkeypatch):
    number, _ = order()
    monkeypatch.setattr("wechatpayv3.utils.time.time", lambda: datetime.now(UTC).timestamp() - 301)

    status, body = client.query(out_trade_no=number)

    assert (status, json.loads(body)["code"]) == (401, "SIGN_ERROR")


def test_a_foreign_appid_is_refused(sandbox, receiver, new_number):
    status, body = make_client(sandbox, appid="wx0000000000000000").pay(
        description="x", out_trade_no=new_number(), amount={"total": 1}, notify_url=receiver.url + "/n/"
    )

    assert (status, json.loads(body)["code"]) == (400, "APPID_MCHID_NOT_MATCH")


def test_an_unknown_order_is_not_found(client):
    status, body = client.query(out_trade_no="NOBODY-ORDERED")

    assert (status, json.loads(body)["code"]) == (404, "ORDER_NOT_EXIST")


def test_refunds_settle_notify_and_never_exceed_the_payment(client, sandbox, receiver, order, new_number):
    number, url = order(total=1_000)
    sandbox.decide(url, result="success", notify="never")
    hook = receiver.url + "/hooks/wechatpay/refund/"

    def refund(out_refund_no: str, amount: int) -> tuple[int, dict[str, Any]]:
        status, body = client.refund(
            out_refund_no=out_refund_no,
            out_trade_no=number,
            amount={"refund": amount, "total": 1_000, "currency": "CNY"},
            reason="退货",
            notify_url=hook,
        )
        return status, json.loads(body)

    first = new_number()
    status, asked = refund(first, 600)
    assert (status, asked["status"]) == (200, "PROCESSING")
    assert refund(first, 600)[1]["refund_id"] == asked["refund_id"]
    assert refund(first, 500)[0] == 400
    assert refund(new_number(), 401)[0] == 400
    assert refund(new_number(), 400)[0] == 200

    notices = [open_notice(client, item) for item in receiver.wait_for(2)]
    assert [notice["event_type"] for notice in notices] == ["REFUND.SUCCESS"] * 2
    assert {notice["resource"]["amount"]["refund"] for notice in notices} == {600, 400}
    assert notices[0]["resource"]["refund_status"] == "SUCCESS"
    assert json.loads(client.query_refund(first)[1])["status"] == "SUCCESS"
    assert queried(client, number)["trade_state"] == "REFUND"
    assert refund(new_number(), 1)[0] == 400


def test_an_unpaid_order_cannot_be_refunded(client, order, new_number):
    number, _ = order(total=100)

    status, body = client.refund(
        out_refund_no=new_number(), out_trade_no=number, amount={"refund": 1, "total": 100, "currency": "CNY"}
    )

    assert (status, json.loads(body)["code"]) == (400, "INVALID_REQUEST")


def test_the_bill_sums_and_matches_its_digest(client, sandbox, order, new_number):
    number, url = order(total=88_800)
    sandbox.decide(url, result="success", notify="never")
    client.refund(
        out_refund_no=(refund_number := new_number()),
        out_trade_no=number,
        amount={"refund": 800, "total": 88_800, "currency": "CNY"},
    )
    today = datetime.now(SHANGHAI).date().isoformat()

    bill = json.loads(client.trade_bill(today)[1])
    status, packed = client.download_bill(bill["download_url"])
    content = gzip.decompress(packed)

    assert status == 200
    assert hashlib.sha1(content, usedforsecurity=False).hexdigest() == bill["hash_value"]
    assert content == sandbox.get(f"/wechatpay/statement/?date={today}")[1]
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    header, details, totals = rows[0], rows[1:-2], [value.lstrip("`") for value in rows[-1]]
    entries = [dict(zip(header, (value.lstrip("`") for value in row), strict=True)) for row in details]
    assert all(value.startswith("`") for row in details for value in row)
    assert int(totals[0]) == len(entries)
    assert Decimal(totals[1]) == sum(Decimal(entry["应结订单金额"]) for entry in entries)
    assert Decimal(totals[2]) == sum(Decimal(entry["退款金额"]) for entry in entries)
    assert Decimal(totals[4]) == sum(Decimal(entry["手续费"]) for entry in entries)
    mine = {entry["交易状态"]: entry for entry in entries if entry["商户订单号"] == number}
    assert mine["SUCCESS"]["订单金额"] == "888.00"
    assert (mine["REFUND"]["商户退款单号"], mine["REFUND"]["退款金额"]) == (refund_number, "8.00")


def test_a_day_without_trades_has_no_bill(client):
    status, body = client.trade_bill("2020-02-02")

    assert (status, json.loads(body)["code"]) == (400, "NO_STATEMENT_EXIST")


def test_the_cashier_is_a_page_with_a_form_that_pays(client, sandbox, receiver, order):
    number, url = order(total=123_456)
    page = sandbox.get(url)[1].decode()
    assert "¥1,234.56" in page
    assert "星驰 L6 四驱版" in page
    assert re.search(r'<button[^>]+value="success">支付</button>', page)
    assert re.search(r'<button[^>]+value="fail">支付失败</button>', page)

    form = {"Content-Type": "application/x-www-form-urlencoded"}
    status, result = sandbox.request(url, b"result=success&notify=once", form)

    assert (status, "支付成功" in result.decode()) == (200, True)
    assert open_notice(client, receiver.wait_for(1)[0])["resource"]["out_trade_no"] == number
