"""The hooks over HTTP: what each provider is answered, and what that leaves in the database."""

import json
import secrets
from base64 import b64encode
from urllib.parse import urlencode

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.test import Client
from django.utils import timezone

from apps.integrations.alipay.adapter import AlipayGateway
from apps.integrations.stripe.adapter import StripeGateway
from apps.integrations.wechatpay.adapter import WeChatPayGateway
from apps.kernel.api import ports
from apps.payments import api
from apps.payments.api import Payment, PaymentEvent
from apps.payments.selectors import as_payment_order
from tests.adapters.payments.rigs import SandboxRig
from tests.factories.payments import make_payment

pytestmark = pytest.mark.django_db

ADAPTERS = {"wechatpay": WeChatPayGateway, "alipay": AlipayGateway, "stripe": StripeGateway}
ACCEPTED = {"wechatpay": (204, b""), "alipay": (200, b"success"), "stripe": (200, b'{"received": true}')}
HOOKS = {name: f"/hooks/{name}/notify/" for name in ADAPTERS}


@pytest.fixture(params=ADAPTERS)
def hooked(request, sandbox, receiver):
    """A provider behind its port, whose notices the test carries to the hook by hand."""
    rig = SandboxRig(name=request.param, gateway=ADAPTERS[request.param](), sandbox=sandbox, receiver=receiver)
    with ports.using({f"payments.gateway.{request.param}": rig.gateway}):
        yield rig


@pytest.fixture
def payment(hooked):
    now = timezone.now()
    payment = make_payment(now=now, provider=hooked.name)
    api.present_payment(payment_number=payment.number, now=now)
    payment.refresh_from_db()
    return payment


def be_buyer(hooked, payment, **decision):
    view = api.get_payment_view(payment.number, now=timezone.now())
    hooked.pay(as_payment_order(payment), view.action, **decision)


def carry(notice, path):
    headers = {name: value for name, value in notice.headers.items() if name.lower() != "content-type"}
    return Client(enforce_csrf_checks=True).post(
        path, notice.body, content_type=notice.headers["Content-Type"], headers=headers
    )


def status_of(payment):
    return Payment.objects.get(pk=payment.pk).status


def test_a_genuine_notification_captures_and_is_answered_in_the_providers_words(hooked, payment):
    be_buyer(hooked, payment)

    response = carry(hooked.notices(1)[0], HOOKS[hooked.name])

    assert (response.status_code, response.content) == ACCEPTED[hooked.name]
    assert status_of(payment) == "CAPTURED"


def test_the_same_notification_twenty_times_is_accepted_and_counts_once(hooked, payment):
    be_buyer(hooked, payment)
    notice = hooked.notices(1)[0]

    answers = [carry(notice, HOOKS[hooked.name]).status_code for _ in range(20)]

    assert set(answers) == {ACCEPTED[hooked.name][0]}
    assert PaymentEvent.objects.count() == 1


def test_a_forged_notification_is_answered_401_and_leaves_nothing(hooked, payment):
    be_buyer(hooked, payment, notify="forged")

    response = carry(hooked.notices(1)[0], HOOKS[hooked.name])

    assert response.status_code == 401
    assert status_of(payment) == "PENDING"
    assert not PaymentEvent.objects.exists()


def test_a_wrong_amount_is_answered_409_kept_and_not_captured(hooked, payment):
    be_buyer(hooked, payment, notify="wrong_amount")

    response = carry(hooked.notices(1)[0], HOOKS[hooked.name])

    assert response.status_code == 409
    assert status_of(payment) == "PENDING"
    assert PaymentEvent.objects.get().verdict == "wrong_amount"


def test_a_payment_nobody_here_knows_is_answered_404(hooked, payment):
    be_buyer(hooked, payment)
    Payment.objects.filter(pk=payment.pk).update(number="P-renamed")

    response = carry(hooked.notices(1)[0], HOOKS[hooked.name])

    assert response.status_code == 404
    assert PaymentEvent.objects.get().verdict == "unknown_payment"


def test_a_failed_try_is_accepted(hooked, payment):
    be_buyer(hooked, payment, result="fail")

    response = carry(hooked.notices(1)[0], HOOKS[hooked.name])

    assert response.status_code == ACCEPTED[hooked.name][0]
    assert status_of(payment) in ("FAILED", "CLOSED")


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", "application/json"),
        (b"{", "application/json"),
        (b"[1, 2]", "application/json"),
        (b"\x00\xff\xfe", "application/octet-stream"),
        (b"sign=%FF&sign_type=RSA2&out_trade_no=1", "application/x-www-form-urlencoded"),
        (b"sign=YWJj&sign_type=RSA9&out_trade_no=1", "application/x-www-form-urlencoded"),
        (b"&" * 2000, "application/x-www-form-urlencoded"),
        (b"9" * 50_000, "application/json"),
    ],
)
def test_nonsense_is_answered_4xx_and_leaves_nothing(hooked, body, content_type):
    headers = {
        "Wechatpay-Serial": "PUB_KEY_ID_0123",
        "Wechatpay-Timestamp": "-1",
        "Wechatpay-Nonce": "x",
        "Wechatpay-Signature": "Ä",
        "Stripe-Signature": "t=x,v1=",
    }

    response = Client().post(HOOKS[hooked.name], body, content_type=content_type, headers=headers)

    assert response.status_code in (400, 401)
    assert not PaymentEvent.objects.exists()


def test_a_body_no_provider_would_send_is_not_read(hooked):
    response = Client().post(HOOKS[hooked.name], b"x" * 70_000, content_type="application/json")

    assert response.status_code == 413


def test_only_post_is_taken(hooked):
    assert Client().get(HOOKS[hooked.name]).status_code == 405


def test_refusals_are_in_the_providers_words(hooked):
    response = Client().post(HOOKS[hooked.name], b"", content_type="application/json")

    if hooked.name == "wechatpay":
        assert response.json() == {"code": "FAIL", "message": "notification_forged"}
    elif hooked.name == "alipay":
        assert response.content == b"fail"
    else:
        assert response.json() == {"error": "notification_forged"}


# WeChat Pay's envelope, signed by a platform key of the test's own


@pytest.fixture(scope="module")
def platform_key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def platform(sandbox, settings, tmp_path, platform_key):
    """Be WeChat Pay: what it returns signs and posts a notification; settings name our key."""
    key = platform_key
    public = tmp_path / "public.pem"
    public.write_bytes(
        key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    config = {**settings.WECHATPAY, "PUBLIC_KEY_FILE": str(public), "PUBLIC_KEY_ID": "PUB_KEY_ID_7"}
    settings.WECHATPAY = config

    def post(*, age=0, serial="PUB_KEY_ID_7", resource=None, api_key=config["API_V3_KEY"], drop=(), **changes):
        plain = json.dumps(resource if resource is not None else {"out_trade_no": "P1"}).encode()
        nonce = secrets.token_hex(6)
        sealed = AESGCM(api_key.encode()).encrypt(nonce.encode(), plain, b"transaction")
        envelope = {
            "id": secrets.token_hex(8),
            "event_type": "TRANSACTION.SUCCESS",
            "resource_type": "encrypt-resource",
            "resource": {
                "algorithm": "AEAD_AES_256_GCM",
                "ciphertext": b64encode(sealed).decode(),
                "associated_data": "transaction",
                "nonce": nonce,
            },
        }
        body = json.dumps({**envelope, **changes})
        timestamp = str(int(timezone.now().timestamp()) - age)
        text = f"{timestamp}\nnonce\n{body}\n".encode()
        headers = {
            "Wechatpay-Timestamp": timestamp,
            "Wechatpay-Nonce": "nonce",
            "Wechatpay-Serial": serial,
            "Wechatpay-Signature": b64encode(key.sign(text, padding.PKCS1v15(), hashes.SHA256())).decode(),
            "Wechatpay-Signature-Type": "WECHATPAY2-SHA256-RSA2048",
        }
        for name in drop:
            del headers[name]
        with ports.using({"payments.gateway.wechatpay": WeChatPayGateway()}):
            return Client().post(HOOKS["wechatpay"], body, content_type="application/json", headers=headers)

    return post


def trade(settings, **changes):
    values = {
        "out_trade_no": "P1",
        "trade_state": "SUCCESS",
        "transaction_id": "42",
        "mchid": settings.WECHATPAY["MCHID"],
        "appid": settings.WECHATPAY["APPID"],
        "amount": {"total": 1, "currency": "CNY"},
        "success_time": "2026-06-10T10:00:00+08:00",
    }
    return {**values, **changes}


def test_wechat_a_signed_notification_about_nothing_of_ours_is_404(platform, settings):
    assert platform(resource=trade(settings)).status_code == 404


@pytest.mark.parametrize(
    "changes",
    [
        {"age": 301},
        {"age": -301},
        {"serial": "PUB_KEY_ID_8"},
        {"serial": "7777777777777777777777777777777777777777"},
        {"serial": "not-hex"},
        {"api_key": "0" * 32},
        {"drop": ["Wechatpay-Signature-Type"]},
        {"drop": ["Wechatpay-Serial"]},
        {"drop": ["Wechatpay-Timestamp"]},
        {"drop": ["Wechatpay-Signature"]},
    ],
    ids=str,
)
def test_wechat_old_replays_unknown_keys_and_missing_headers_are_401(platform, settings, changes):
    response = platform(resource=trade(settings), **changes)

    assert response.status_code == 401
    assert not PaymentEvent.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"resource": {}},
        {"resource": []},
        {"resource": {"out_trade_no": 7}},
        {"event_type": None},
        {"id": {"a": 1}},
        {"resource": {"algorithm": "ROT13", "ciphertext": "x", "nonce": "y"}},
    ],
    ids=str,
)
def test_wechat_signed_nonsense_is_4xx(platform, changes):
    response = platform(**changes)

    assert response.status_code in (400, 401)
    assert not PaymentEvent.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": {"total": "1", "currency": "CNY"}},
        {"amount": {"total": 1.5}},
        {"amount": {"total": -1}},
        {"amount": {"total": 10**15}},
        {"amount": None},
        {"trade_state": "UNHEARD_OF"},
        {"transaction_id": None},
        {"success_time": "yesterday"},
        {"out_trade_no": "P\u00001"},
        {"mchid": None},
    ],
    ids=str,
)
def test_wechat_a_signed_trade_that_is_not_as_documented_is_400(platform, settings, changes):
    response = platform(resource=trade(settings, **changes))

    assert response.status_code == 400
    assert not PaymentEvent.objects.exists()


@pytest.mark.parametrize(("field", "verdict"), [("mchid", "wrong_merchant"), ("appid", "wrong_app")])
def test_wechat_money_for_somebody_else_is_409(platform, settings, field, verdict):
    response = platform(resource=trade(settings, **{field: "1999999999"}))

    assert response.status_code == 409
    assert PaymentEvent.objects.get().verdict == verdict


def test_alipay_a_form_with_a_field_twice_is_400(sandbox):
    with ports.using({"payments.gateway.alipay": AlipayGateway()}):
        body = urlencode([("out_trade_no", "P1"), ("out_trade_no", "P2"), ("sign", "eA==")])
        response = Client().post(HOOKS["alipay"], body, content_type="application/x-www-form-urlencoded")

    assert response.status_code == 400


@pytest.mark.parametrize("provider", ADAPTERS)
def test_a_provider_without_keys_is_not_taken_payments_through(settings, provider):
    settings.WECHATPAY = {**settings.WECHATPAY, "MCHID": ""}
    settings.ALIPAY = {**settings.ALIPAY, "APP_ID": ""}
    settings.STRIPE = {**settings.STRIPE, "SECRET_KEY": ""}

    response = Client().post(HOOKS[provider], b"{}", content_type="application/json")

    assert response.status_code == 422
