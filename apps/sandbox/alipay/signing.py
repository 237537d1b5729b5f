"""Alipay's RSA2 signatures.

Sources: https://opendocs.alipay.com/common/02mse7 (requests and synchronous answers),
https://opendocs.alipay.com/common/02mse3 (asynchronous notifications).
"""

import json
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

from apps.sandbox.crypto import is_rsa_signature, sign_rsa


def join_sorted(values: Mapping[str, str], *, without: tuple[str, ...]) -> bytes:
    """Return ``a=1&b=2`` in the order of names, leaving out empty values and the named fields."""
    pairs = sorted((name, value) for name, value in values.items() if name not in without and value != "")
    return "&".join(f"{name}={value}" for name, value in pairs).encode()


def is_signed_request(key: RSAPublicKey, values: Mapping[str, str]) -> bool:
    """Tell whether a request's parameters carry the application's signature; ``sign_type`` is part of the text."""
    return is_rsa_signature(key, join_sorted(values, without=("sign",)), values.get("sign", ""))


def sign_answer(key: RSAPrivateKey, *, name: str, body: dict[str, Any]) -> bytes:
    """Return ``{"<name>": {…}, "sign": "…"}``: the signature covers the inner object exactly as it is written."""
    inner = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return f'{{"{name}":{inner},"sign":"{sign_rsa(key, inner.encode())}"}}'.encode()


def sign_fields(key: RSAPrivateKey, fields: Mapping[str, str]) -> dict[str, str]:
    """Return notification or return-page fields with their ``sign``; neither it nor ``sign_type`` is in the text."""
    return {**fields, "sign": sign_rsa(key, join_sorted(fields, without=("sign", "sign_type")))}
