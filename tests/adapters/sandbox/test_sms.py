"""Aliyun SMS's stand-in, driven by the alibabacloud_dysmsapi20170525 package."""

import json
from typing import Any

import pytest
from alibabacloud_dysmsapi20170525.client import Client
from alibabacloud_dysmsapi20170525.models import SendSmsRequest, SendSmsResponseBody
from alibabacloud_tea_openapi.exceptions import ClientException
from alibabacloud_tea_openapi.utils import Utils
from alibabacloud_tea_openapi.utils_models import Config
from darabonba.policy.retry import RetryOptions

from tests.adapters.sandbox_process import SandboxProcess

NO_RETRY = RetryOptions({"retryable": False})


def make_client(sandbox: SandboxProcess, **overrides: str) -> Client:
    env = {**sandbox.env, **overrides}
    return Client(
        Config(
            access_key_id=env["SMS_ACCESS_KEY_ID"],
            access_key_secret=env["SMS_ACCESS_KEY_SECRET"],
            endpoint=env["SMS_ENDPOINT"],
            protocol=env["SMS_PROTOCOL"],
            connect_timeout=2000,
            read_timeout=5000,
            retry_options=NO_RETRY,
        )
    )


def send(sandbox: SandboxProcess, *, phone: str, client: Client | None = None, **more: Any) -> SendSmsResponseBody:
    values = {
        "sign_name": sandbox.env["SMS_SIGN_NAME"],
        "template_code": "SMS_100000001",
        "template_param": json.dumps({"code": "135790"}),
        **more,
    }
    return (client or make_client(sandbox)).send_sms(SendSmsRequest(phone_numbers=phone, **values)).body


def inbox(sandbox: SandboxProcess, phone: str) -> list[dict[str, Any]]:
    return json.loads(sandbox.get(f"/sms/messages?phone={phone}")[1])


def test_a_message_arrives_on_its_phone_newest_first(sandbox):
    first = send(sandbox, phone="13800000001")
    send(sandbox, phone="+8613800000001", template_param=json.dumps({"code": "246801"}))
    send(sandbox, phone="13800000002")

    newest, oldest = inbox(sandbox, "13800000001")

    assert (first.code, bool(first.biz_id)) == ("OK", True)
    assert newest["params"] == {"code": "246801"}
    assert oldest["text"] == "【星驰汽车】您的验证码为：135790，5分钟内有效。请勿告诉任何人。"
    assert (oldest["phone"], oldest["template_code"]) == ("13800000001", "SMS_100000001")
    page = sandbox.get("/sms/?phone=13800000001")[1].decode()
    assert "135790" in page
    assert "13800000002" not in page


def test_an_unregistered_template_still_shows_its_values(sandbox):
    send(sandbox, phone="13800000003", template_code="SMS_999", template_param=json.dumps({"code": "<b>8</b>"}))

    assert inbox(sandbox, "13800000003")[0]["text"] == "【星驰汽车】code：<b>8</b>"
    assert "&lt;b&gt;8&lt;/b&gt;" in sandbox.get("/sms/?phone=13800000003")[1].decode()


@pytest.mark.parametrize(
    "wrong, code",
    [
        ({"sign_name": "别人的签名"}, "isv.SMS_SIGNATURE_ILLEGAL"),
        ({"phone": "10086"}, "isv.MOBILE_NUMBER_ILLEGAL"),
        ({"template_param": "code=1"}, "isv.INVALID_JSON_PARAM"),
        ({"template_param": "{}"}, "isv.TEMPLATE_MISSING_PARAMETERS"),
    ],
)
def test_a_wrong_message_is_refused_with_the_carriers_code(sandbox, wrong, code):
    assert send(sandbox, **{"phone": "13800000004", **wrong}).code == code
    assert inbox(sandbox, "13800000004") == []


@pytest.mark.parametrize(
    "wrong, code",
    [
        ({"SMS_ACCESS_KEY_SECRET": "x" * 30}, "SignatureDoesNotMatch"),
        ({"SMS_ACCESS_KEY_ID": "LTAInobody"}, "InvalidAccessKeyId.NotFound"),
    ],
)
def test_a_request_under_a_foreign_key_is_refused(sandbox, wrong, code):
    with pytest.raises(ClientException) as refusal:
        send(sandbox, phone="13800000005", client=make_client(sandbox, **wrong))

    assert refusal.value.code == code
    assert inbox(sandbox, "13800000005") == []


def test_an_old_request_is_refused(sandbox, monkeypatch):
    monkeypatch.setattr(Utils, "get_timestamp", staticmethod(lambda: "2020-01-01T00:00:00Z"))

    with pytest.raises(ClientException) as refusal:
        send(sandbox, phone="13800000006")

    assert refusal.value.code == "InvalidTimeStamp.Expired"


def test_a_replayed_request_is_refused(sandbox, monkeypatch):
    monkeypatch.setattr(Utils, "get_nonce", staticmethod(lambda: "the-same-nonce"))
    send(sandbox, phone="13800000007")

    with pytest.raises(ClientException) as refusal:
        send(sandbox, phone="13800000007")

    assert refusal.value.code == "SignatureNonceUsed"
    assert len(inbox(sandbox, "13800000007")) == 1
