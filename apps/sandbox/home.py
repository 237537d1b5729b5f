"""What the providers' consoles would issue: keys and ids, kept under one directory.

``provider/`` is the providers' side (private keys of WeChat Pay and Alipay, the merchant's public keys), ``merchant/``
is what the merchant downloads, ``merchant.env`` is how the merchant is told.
"""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from .crypto import create_key_pair


@dataclass(frozen=True, slots=True)
class Credentials:
    """The merchant's ids and shared secrets at every provider."""

    wechatpay_mchid: str
    wechatpay_appid: str
    wechatpay_cert_serial: str
    wechatpay_api_v3_key: str
    wechatpay_public_key_id: str
    alipay_app_id: str
    alipay_seller_id: str
    stripe_secret_key: str
    stripe_webhook_secret: str
    stripe_account: str
    sms_access_key_id: str
    sms_access_key_secret: str
    sms_sign_name: str
    lender_merchant_key_id: str
    lender_key_id: str
    logistics_customer: str
    logistics_key: str


def issue_credentials() -> Credentials:
    """Draw new ids and secrets in the shape each provider gives them."""
    mchid = "19" + _digits(8)
    return Credentials(
        wechatpay_mchid=mchid,
        wechatpay_appid="wx" + secrets.token_hex(8),
        wechatpay_cert_serial=secrets.token_hex(20).upper(),
        wechatpay_api_v3_key=secrets.token_hex(16),
        wechatpay_public_key_id=f"PUB_KEY_ID_01{mchid}{_digits(20)}",
        alipay_app_id="2021" + _digits(12),
        alipay_seller_id="2088" + _digits(12),
        stripe_secret_key="sk_test_" + secrets.token_hex(24),
        stripe_webhook_secret="whsec_" + secrets.token_hex(24),
        stripe_account="acct_" + secrets.token_hex(8),
        sms_access_key_id="LTAI" + secrets.token_hex(10),
        sms_access_key_secret=secrets.token_hex(15),
        sms_sign_name="星驰汽车",
        lender_merchant_key_id="xingchi-" + secrets.token_hex(4),
        lender_key_id="lender-" + secrets.token_hex(4),
        logistics_customer=secrets.token_hex(16).upper(),
        logistics_key=secrets.token_urlsafe(9),
    )


def _digits(count: int) -> str:
    return "".join(secrets.choice("0123456789") for _ in range(count))


class Home:
    """The directory with everything one sandbox owns."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()

    @property
    def database(self) -> Path:
        return self.path / "sandbox.sqlite3"

    @property
    def merchant_env(self) -> Path:
        return self.path / "merchant.env"

    def provider_file(self, name: str) -> Path:
        return self.path / "provider" / name

    def merchant_file(self, name: str) -> Path:
        return self.path / "merchant" / name

    def issue(self) -> Credentials:
        """Create what is missing and keep what is there; return the credentials."""
        for directory in (self.path, self.path / "provider", self.path / "merchant"):
            directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        for provider in ("wechatpay", "alipay", "lender"):
            ours, theirs = self.provider_file, self.merchant_file
            self._issue_pair(theirs(f"{provider}_private.pem"), ours(f"{provider}_merchant.pem"))
            self._issue_pair(ours(f"{provider}_platform.pem"), theirs(f"{provider}_public.pem"))
        # Nobody ever published this one: forged notifications are signed with it.
        self._issue_pair(self.provider_file("stranger.pem"), self.provider_file("stranger_public.pem"))
        issued = self.provider_file("credentials.json")
        kept = json.loads(issued.read_text(encoding="utf-8")) if issued.exists() else {}
        # A home of an older sandbox lacks what newer providers issue; what it has stays.
        credentials = {**asdict(issue_credentials()), **kept}
        if credentials != kept:
            _write(issued, json.dumps(credentials, ensure_ascii=False, indent=2).encode())
        return Credentials(**credentials)

    def _issue_pair(self, private_path: Path, public_path: Path) -> None:
        if private_path.exists() and public_path.exists():
            return
        private, public = create_key_pair()
        _write(private_path, private)
        _write(public_path, public)

    def write_merchant_env(self, credentials: Credentials, *, base_url: str) -> Path:
        """Write ``merchant.env`` (KEY=VALUE lines) for a sandbox that listens at ``base_url``."""
        base = base_url.rstrip("/")
        values = {
            "WECHATPAY_BASE_URL": base,
            "WECHATPAY_MCHID": credentials.wechatpay_mchid,
            "WECHATPAY_APPID": credentials.wechatpay_appid,
            "WECHATPAY_CERT_SERIAL": credentials.wechatpay_cert_serial,
            "WECHATPAY_PRIVATE_KEY_FILE": self.merchant_file("wechatpay_private.pem"),
            "WECHATPAY_API_V3_KEY": credentials.wechatpay_api_v3_key,
            "WECHATPAY_PUBLIC_KEY_FILE": self.merchant_file("wechatpay_public.pem"),
            "WECHATPAY_PUBLIC_KEY_ID": credentials.wechatpay_public_key_id,
            "ALIPAY_GATEWAY_URL": f"{base}/gateway.do",
            "ALIPAY_APP_ID": credentials.alipay_app_id,
            "ALIPAY_SELLER_ID": credentials.alipay_seller_id,
            "ALIPAY_PRIVATE_KEY_FILE": self.merchant_file("alipay_private.pem"),
            "ALIPAY_PUBLIC_KEY_FILE": self.merchant_file("alipay_public.pem"),
            "STRIPE_BASE_URL": base,
            "STRIPE_SECRET_KEY": credentials.stripe_secret_key,
            "STRIPE_WEBHOOK_SECRET": credentials.stripe_webhook_secret,
            "STRIPE_ACCOUNT": credentials.stripe_account,
            "SMS_ENDPOINT": base.split("://", 1)[-1],
            "SMS_PROTOCOL": "http",
            "SMS_ACCESS_KEY_ID": credentials.sms_access_key_id,
            "SMS_ACCESS_KEY_SECRET": credentials.sms_access_key_secret,
            "SMS_SIGN_NAME": credentials.sms_sign_name,
            "LENDER_BASE_URL": base,
            "LENDER_OWN_KEY_ID": credentials.lender_merchant_key_id,
            "LENDER_PRIVATE_KEY_FILE": self.merchant_file("lender_private.pem"),
            "LENDER_KEY_ID": credentials.lender_key_id,
            "LENDER_PUBLIC_KEY_FILE": self.merchant_file("lender_public.pem"),
            "LOGISTICS_BASE_URL": base,
            "LOGISTICS_CUSTOMER": credentials.logistics_customer,
            "LOGISTICS_KEY": credentials.logistics_key,
        }
        _write(self.merchant_env, "".join(f"{name}={value}\n" for name, value in values.items()).encode())
        return self.merchant_env


def _write(path: Path, content: bytes) -> None:
    """Replace ``path`` in one step, readable by the owner only."""
    draft = path.with_name(path.name + ".draft")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    draft.replace(path)
