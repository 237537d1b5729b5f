"""Signatures of WeChat Pay API v3.

Sources: https://pay.weixin.qq.com/doc/v3/merchant/4012365336 (requests), .../4013053249 (answers and notifications),
.../4012071382 (AEAD_AES_256_GCM).
"""

import re
import secrets
from base64 import b64encode
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from apps.sandbox.crypto import is_rsa_signature, sign_rsa

SCHEME = "WECHATPAY2-SHA256-RSA2048"
# Source: the request's timestamp may differ from WeChat Pay's clock by five minutes at most.
WINDOW_SECONDS = 300
_FIELD = re.compile(r'([a-z_]+)="([^"]*)"')


class BadSignature(Exception):
    """The request is not the merchant's; the text says why, as the provider's ``message`` does."""


@dataclass(frozen=True, slots=True)
class Merchant:
    """Who may ask."""

    mchid: str
    cert_serial: str
    public_key: RSAPublicKey


def verify_request(
    merchant: Merchant, *, authorization: str, method: str, target: str, body: bytes, now: float
) -> None:
    """
    Check the ``Authorization`` header of a request for ``target`` (path with query, exactly as sent).

    :raises BadSignature: if anything is missing, late, foreign or wrong
    """
    scheme, _, rest = authorization.partition(" ")
    if scheme != SCHEME:
        raise BadSignature("Http头缺少Authorization或认证类型不正确")
    fields = dict(_FIELD.findall(rest))
    missing = {"mchid", "nonce_str", "signature", "timestamp", "serial_no"} - fields.keys()
    if missing:
        raise BadSignature(f"Http头Authorization值格式错误：缺少{','.join(sorted(missing))}")
    if fields["mchid"] != merchant.mchid or fields["serial_no"].upper() != merchant.cert_serial:
        raise BadSignature("商户号与证书序列号不匹配")
    if not fields["timestamp"].isascii() or not fields["timestamp"].isdigit():
        raise BadSignature("Http头Authorization中的timestamp格式错误")
    if abs(now - int(fields["timestamp"])) > WINDOW_SECONDS:
        raise BadSignature("Http头Authorization中的timestamp与发起请求的时间不得超过5分钟")
    message = f"{method}\n{target}\n{fields['timestamp']}\n{fields['nonce_str']}\n".encode() + body + b"\n"
    if not is_rsa_signature(merchant.public_key, message, fields["signature"]):
        raise BadSignature("签名验证失败")


def sign_answer(key: RSAPrivateKey, *, serial: str, body: bytes, now: float) -> dict[str, str]:
    """Return the ``Wechatpay-*`` headers of an answer or a notification."""
    timestamp, nonce = str(int(now)), secrets.token_hex(16)
    message = f"{timestamp}\n{nonce}\n".encode() + body + b"\n"
    return {
        "Wechatpay-Serial": serial,
        "Wechatpay-Timestamp": timestamp,
        "Wechatpay-Nonce": nonce,
        "Wechatpay-Signature": sign_rsa(key, message),
        "Wechatpay-Signature-Type": SCHEME,
    }


def encrypt_resource(api_v3_key: str, *, plain: bytes, nonce: str, associated_data: str) -> str:
    """Return AEAD_AES_256_GCM of ``plain`` in base64; the nonce is twelve characters."""
    sealed = AESGCM(api_v3_key.encode()).encrypt(nonce.encode(), plain, associated_data.encode())
    return b64encode(sealed).decode()
