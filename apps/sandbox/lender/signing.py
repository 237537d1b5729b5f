"""Signatures of the agreed protocol: RSA with SHA-256 over method, path, timestamp, nonce and the body's digest."""

import hashlib
import secrets
from collections.abc import Mapping

from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from apps.sandbox.crypto import is_rsa_signature, sign_rsa

WINDOW_SECONDS = 300.0


def sign_headers(key: RSAPrivateKey, *, key_id: str, method: str, path: str, body: bytes, now: float) -> dict[str, str]:
    """Return the headers that sign a message."""
    timestamp, nonce = str(int(now)), secrets.token_hex(16)
    return {
        "Lender-Key": key_id,
        "Lender-Timestamp": timestamp,
        "Lender-Nonce": nonce,
        "Lender-Signature": sign_rsa(key, _message(method, path, timestamp, nonce, body)),
    }


def is_signed(
    key: RSAPublicKey, headers: Mapping[str, str], *, key_id: str, method: str, path: str, body: bytes, now: float
) -> bool:
    """Tell whether the merchant signed this, lately."""
    timestamp, nonce = headers.get("Lender-Timestamp", ""), headers.get("Lender-Nonce", "")
    if headers.get("Lender-Key") != key_id or not timestamp.isdigit() or not nonce:
        return False
    if abs(int(timestamp) - now) > WINDOW_SECONDS:
        return False
    return is_rsa_signature(key, _message(method, path, timestamp, nonce, body), headers.get("Lender-Signature", ""))


def unseal(key: RSAPrivateKey, sealed: bytes) -> str:
    """Return what the merchant sealed for us (RSA-OAEP with SHA-256); ValueError if it is not for us."""
    oaep = padding.OAEP(mgf=padding.MGF1(SHA256()), algorithm=SHA256(), label=None)
    return key.decrypt(sealed, oaep).decode()


def _message(method: str, path: str, timestamp: str, nonce: str, body: bytes) -> bytes:
    return f"{method}\n{path}\n{timestamp}\n{nonce}\n{hashlib.sha256(body).hexdigest()}\n".encode()
