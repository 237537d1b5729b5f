"""Alipay's stand-in, driven by the python-alipay-sdk package."""

import csv
import io
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from alipay import AliPay
from alipay.exceptions import AliPayException

from tests.adapters.receiver import Received, Receiver
from tests.adapters.sandbox_process import SandboxProcess

SHANGHAI = timezone(timedelta(hours=8))
HOOK = "/hooks/alipay/notify/"


class Client(AliPay):
    """The SDK, pointed at the sandbox and at Alipay's clock (it stamps the machine's own zone)."""

    def __init__(self, sandbox: SandboxProcess, *, age: timedelta = timedelta(0), **overrides: str) -> None:
        env = {**sandbox.env, **overrides}
        super().__init__(
            appid=env["ALIPAY_APP_ID"],
            app_notify_url=None,
            app_private_key_string=Path(env["ALIPAY_PRIVATE_KEY_FILE"]).read_text(),
            alipay_public_key_string=Path(env["ALIPAY_PUBLIC_KEY_FILE"]).read_text(),
            sign_type="RSA2",
        )
        self._gateway = env["ALIPAY_GATEWAY_URL"]
        self.age = age

    def build_body(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        stamp = (datetime.now(SHANGHAI) - self.age).strftime("%Y-%m-%d %H:%M:%S")
        return {**super().build_body(*args, **kwargs), "timestamp": stamp}


@pytest.fixture
def client(sandbox: SandboxProcess) -> Client:
    return Client(sandbox)


@pytest.fixture
def order(client: Client, receiver: Receiver, new_number: Callable[[], str]) -> Callable[..., tuple[str, str]]:
    """Order a page payment; return its number and the address the buyer is sent to."""

    def place(total: str = "169900.00", **more: Any) -> tuple[str, str]:
        number = new_number()
        query = client.api_alipay_trade_page_pay(
            subject="星驰 L6 四驱版",
            out_trade_no=number,
            total_amount=total,
            return_url="http://shop.test/payments/return/",
            notify_url=receiver.url + HOOK,
            **more,
        )
        return number, f"{client._gateway}?{query}"

    return place


def open_notice(client: Client, item: Received) -> dict[str, str]:
    """Verify a notification as the SDK does."""
    fields = dict(parse_qsl(item.body.decode(), keep_blank_values=True))
    signed = {name: value for name, value in fields.items() if name != "sign"}
    assert client.verify(signed, fields["sign"]), "the SDK refuses this notification"
    return fields


def test_a_paid_trade_is_notified_until_success_and_found_by_query(client, sandbox, receiver, order):
    receiver.answer = lambda _: (200, "success" if len(receiver.received) else "<html>200 is not enough</html>")
    number, url = order("123.45")

    answer = sandbox.decide(url, result="success", notify="once")

    first, second = (open_notice(client, item) for item in receiver.wait_for(2))
    assert answer["status"] == "paid"
    assert first["notify_id"] == second["notify_id"]
    assert first["trade_status"] == "TRADE_SUCCESS"
    assert (first["out_trade_no"], first["trade_no"]) == (number, answer["trade_no"])
    assert (first["total_amount"], first["app_id"]) == ("123.45", sandbox.env["ALIPAY_APP_ID"])
    assert first["seller_id"] == sandbox.env["ALIPAY_SELLER_ID"]
    age = datetime.now(SHANGHAI).replace(tzinfo=None) - datetime.fromisoformat(first["notify_time"])
    assert abs(age) < timedelta(minutes=1)
    found = client.api_alipay_trade_query(out_trade_no=number)
    assert (found["trade_status"], found["total_amount"]) == ("TRADE_SUCCESS", "123.45")
    assert receiver.stays_at(2)


def test_the_gateway_sends_the_buyer_to_a_cashier_that_leads_back_with_a_signed_result(client, sandbox, order):
    number, url = order()
    page = sandbox.get(url)[1].decode()
    assert "¥169,900.00" in page
    action = page.split('action="')[1].split('"')[0].replace("&amp;", "&")

    form = {"Content-Type": "application/x-www-form-urlencoded"}
    result = sandbox.request(action, b"result=success&notify=never", form)[1].decode()

    link = result.split('id="return" href="')[1].split('"')[0].replace("&amp;", "&")
    fields = dict(parse_qsl(urlsplit(link).query))
    signature = fields.pop("sign")
    assert link.startswith("http://shop.test/payments/return/?")
    assert client.verify(dict(fields), signature)
    assert fields["out_trade_no"] == number


def test_a_trade_does_not_exist_before_the_buyer_saw_the_cashier(client, sandbox, receiver, new_number, order):
    number, url = order()
    assert client.api_alipay_trade_query(out_trade_no=number)["sub_code"] == "ACQ.TRADE_NOT_EXIST"
    sandbox.get(url)
    assert client.api_alipay_trade_query(out_trade_no=number)["trade_status"] == "WAIT_BUYER_PAY"

    scanned = new_number()
    answer = client.api_alipay_trade_precreate(
        subject="机滤", out_trade_no=scanned, total_amount="39.00", notify_url=receiver.url + HOOK
    )
    assert client.api_alipay_trade_query(out_trade_no=scanned)["sub_code"] == "ACQ.TRADE_NOT_EXIST"
    sandbox.get(answer["qr_code"])
    assert client.api_alipay_trade_query(out_trade_no=scanned)["trade_status"] == "WAIT_BUYER_PAY"
    sandbox.decide(answer["qr_code"], result="success")
    assert open_notice(client, receiver.wait_for(1)[0])["out_trade_no"] == scanned


def test_twice_delivers_the_same_notification_twice(client, sandbox, receiver, order):
    sandbox.decide(order()[1], result="success", notify="twice")

    first, second = (open_notice(client, item) for item in receiver.wait_for(2))
    assert first["notify_id"] == second["notify_id"]


def test_never_leaves_only_the_query(client, sandbox, receiver, order):
    number, url = order()

    sandbox.decide(url, result="success", notify="never")

    assert receiver.stays_at(0)
    assert client.api_alipay_trade_query(out_trade_no=number)["trade_status"] == "TRADE_SUCCESS"


def test_late_is_delivered_after_the_delay(client, sandbox, receiver, order):
    number, url = order()

    sandbox.decide(url, result="success", notify="late", delay_seconds=1)

    assert receiver.stays_at(0, seconds=0.5)
    assert open_notice(client, receiver.wait_for(1)[0])["out_trade_no"] == number


@pytest.mark.parametrize("result, status", [("success", "TRADE_SUCCESS"), ("fail", "TRADE_CLOSED")])
def test_forged_claims_success_under_a_signature_the_sdk_refuses(client, sandbox, receiver, order, result, status):
    receiver.answer = lambda _: (401, "")
    number, url = order()

    sandbox.decide(url, result=result, notify="forged")

    fields = dict(parse_qsl(receiver.wait_for(1)[0].body.decode()))
    assert fields["trade_status"] == "TRADE_SUCCESS"
    signature = fields.pop("sign")
    assert not client.verify(fields, signature)
    assert client.api_alipay_trade_query(out_trade_no=number)["trade_status"] == status
    assert receiver.stays_at(1)


def test_wrong_amount_is_correctly_signed_and_the_query_has_the_right_one(client, sandbox, receiver, order):
    number, url = order("50.00")

    sandbox.decide(url, result="success", notify="wrong_amount")

    assert open_notice(client, receiver.wait_for(1)[0])["total_amount"] == "49.99"
    assert client.api_alipay_trade_query(out_trade_no=number)["total_amount"] == "50.00"


def test_reordered_sends_waiting_after_success(client, sandbox, receiver, order):
    sandbox.decide(order()[1], result="success", notify="reordered")

    statuses = [open_notice(client, item)["trade_status"] for item in receiver.wait_for(2)]
    assert statuses == ["TRADE_SUCCESS", "WAIT_BUYER_PAY"]


def test_a_failed_payment_closes_the_trade_for_good(client, sandbox, receiver, order):
    number, url = order()

    assert sandbox.decide(url, result="fail")["status"] == "failed"

    assert open_notice(client, receiver.wait_for(1)[0])["trade_status"] == "TRADE_CLOSED"
    assert sandbox.post_json(url, {"result": "success"})[0] == 409
    assert client.api_alipay_trade_query(out_trade_no=number)["trade_status"] == "TRADE_CLOSED"


def test_a_closed_trade_cannot_be_paid_and_a_paid_one_not_closed(client, sandbox, order):
    number, url = order()
    sandbox.get(url)
    assert client.api_alipay_trade_close(out_trade_no=number)["code"] == "10000"
    assert sandbox.post_json(url, {"result": "success"})[0] == 409

    paid, url = order()
    sandbox.decide(url, result="success", notify="never")
    assert client.api_alipay_trade_close(out_trade_no=paid)["sub_code"] == "ACQ.TRADE_STATUS_ERROR"


def test_the_same_number_with_another_amount_is_refused(client, sandbox, receiver, order):
    number, url = order("10.00")
    sandbox.get(url)
    other = client.api_alipay_trade_page_pay(subject="x", out_trade_no=number, total_amount="10.01")

    assert sandbox.get(f"{client._gateway}?{other}")[0] == 400


@pytest.mark.parametrize(
    "wrong, sub_code",
    [
        ({"ALIPAY_PRIVATE_KEY_FILE": "wechatpay_private.pem"}, "isv.invalid-signature"),
        ({"ALIPAY_APP_ID": "2021000000000000"}, "isv.invalid-app-id"),
    ],
)
def test_a_request_the_application_did_not_sign_is_refused(sandbox, new_number, wrong, sub_code):
    if "ALIPAY_PRIVATE_KEY_FILE" in wrong:
        wrong = {"ALIPAY_PRIVATE_KEY_FILE": str(sandbox.home / "merchant" / wrong["ALIPAY_PRIVATE_KEY_FILE"])}
    stranger = Client(sandbox, **wrong)

    with pytest.raises(AliPayException, match=sub_code):
        stranger.api_alipay_trade_query(out_trade_no=new_number())
    page = stranger.api_alipay_trade_page_pay(subject="x", out_trade_no=new_number(), total_amount="1.00")
    assert sandbox.get(f"{stranger._gateway}?{page}")[0] == 400


def test_a_clock_in_another_zone_is_refused(sandbox, new_number):
    with pytest.raises(AliPayException, match=r"isv\.invalid-timestamp"):
        Client(sandbox, age=timedelta(hours=8)).api_alipay_trade_query(out_trade_no=new_number())


def test_refunds_are_capped_idempotent_and_notified(client, sandbox, receiver, order):
    number, url = order("10.00")
    sandbox.decide(url, result="success", notify="once")
    receiver.wait_for(1)

    def refund(amount: str, request_no: str) -> dict[str, Any]:
        return client.api_alipay_trade_refund(refund_amount=amount, out_trade_no=number, out_request_no=request_no)

    assert (refund("6.00", "R1")["fund_change"], refund("6.00", "R1")["fund_change"]) == ("Y", "N")
    assert refund("5.00", "R1")["sub_code"] == "ACQ.DISCORDANT_REPEAT_REQUEST"
    assert refund("4.01", "R2")["sub_code"] == "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL"
    assert refund("4.00", "R2")["refund_fee"] == "10.00"

    notices = [open_notice(client, item) for item in receiver.wait_for(3)[1:]]
    seen = {(n["out_biz_no"], n["refund_fee"], n["trade_status"]) for n in notices}
    assert seen == {("R1", "6.00", "TRADE_SUCCESS"), ("R2", "10.00", "TRADE_CLOSED")}
    found = client.api_alipay_trade_fastpay_refund_query("R1", out_trade_no=number)
    assert (found["refund_status"], found["refund_amount"]) == ("REFUND_SUCCESS", "6.00")
    assert "refund_status" not in client.api_alipay_trade_fastpay_refund_query("R9", out_trade_no=number)
    assert client.api_alipay_trade_query(out_trade_no=number)["trade_status"] == "TRADE_CLOSED"


def test_an_unpaid_trade_cannot_be_refunded(client, sandbox, order):
    number, url = order("10.00")
    sandbox.get(url)

    answer = client.api_alipay_trade_refund(refund_amount="1.00", out_trade_no=number, out_request_no="R1")

    assert answer["sub_code"] == "ACQ.TRADE_STATUS_ERROR"


def test_the_bill_sums_payments_and_refunds(client, sandbox, receiver, order):
    number, url = order("888.00")
    sandbox.decide(url, result="success", notify="never")
    client.api_alipay_trade_refund(refund_amount="8.00", out_trade_no=number, out_request_no="BILL-1")
    receiver.wait_for(1)
    today = datetime.now(SHANGHAI).date().isoformat()

    answer = client.server_api(
        "alipay.data.dataservice.bill.downloadurl.query", {"bill_type": "trade", "bill_date": today}
    )
    archive = zipfile.ZipFile(io.BytesIO(sandbox.get(answer["bill_download_url"])[1]))
    detail = next(name for name in archive.namelist() if name.endswith("_业务明细.csv"))
    lines = archive.read(detail).decode("gbk").splitlines()

    assert len(archive.namelist()) == 2
    # The last line is the moment of export.
    assert lines[:-1] == sandbox.get(f"/alipay/statement/?date={today}")[1].decode("gbk").splitlines()[:-1]
    rows = list(csv.reader(line for line in lines if not line.startswith("#")))
    entries = [dict(zip(rows[0], (value.strip() for value in row), strict=True)) for row in rows[1:]]
    total = sum(Decimal(entry["商家实收（元）"]) for entry in entries)
    paid = sum(Decimal(entry["商家实收（元）"]) for entry in entries if entry["业务类型"] == "交易")
    assert any(line.startswith("#交易合计") and f"商家实收共{paid}元" in line for line in lines)
    assert any(line.startswith("#退款合计") and f"商家实收退款共{total - paid}元" in line for line in lines)
    mine = {entry["业务类型"]: entry for entry in entries if entry["商户订单号"] == number}
    assert mine["交易"]["订单金额（元）"] == "888.00"
    assert (mine["退款"]["订单金额（元）"], mine["退款"]["退款批次号/请求号"]) == ("-8.00", "BILL-1")


def test_a_day_without_trades_has_no_bill(client):
    answer = client.server_api(
        "alipay.data.dataservice.bill.downloadurl.query", {"bill_type": "trade", "bill_date": "2020-02-02"}
    )

    assert answer["sub_code"] == "isp.bill_not_exist"
