"""Encryption at rest: AES-256-GCM under named keys, and a blind index for equality search."""

import base64
import binascii
import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from apps.kernel.errors import DecryptionFailed

NONCE_BYTES = 12  # Source: NIST SP 800-38D, 8.2: 96-bit nonces.
KEY_BYTES = 32


def encrypt(text: str, *, place: str) -> str:
    """
    Return ``"key id:nonce:ciphertext"`` of ``text``, bound to ``place`` ("table.column").

    The first key of ``settings.FIELD_KEYS`` encrypts.
    """
    key_id, cipher = next(iter(_keys(settings.FIELD_KEYS).items()))
    nonce = os.urandom(NONCE_BYTES)
    sealed = cipher.encrypt(nonce, text.encode(), place.encode())
    return f"{key_id}:{base64.b64encode(nonce).decode()}:{base64.b64encode(sealed).decode()}"


def decrypt(stored: str, *, place: str) -> str:
    """
    Return the text that ``encrypt`` sealed for the same place.

    :raises DecryptionFailed: if the key is unknown, the value was altered, or it was sealed for another column
    """
    key_id, _, rest = stored.partition(":")
    cipher = _keys(settings.FIELD_KEYS).get(key_id)
    if cipher is None:
        raise DecryptionFailed(f"{place}: no key {key_id[:20]!r} in FIELD_KEYS.")
    nonce, _, sealed = rest.partition(":")
    try:
        return cipher.decrypt(
            base64.b64decode(nonce, validate=True), base64.b64decode(sealed, validate=True), place.encode()
        ).decode()
    except (InvalidTag, binascii.Error, ValueError) as error:
        raise DecryptionFailed(f"{place}: the stored value does not open under key {key_id!r}.") from error


def current_key_id() -> str:
    """Return the id of the key that encrypts now."""
    return next(iter(_keys(settings.FIELD_KEYS)))


def blind_index(value: str, *, purpose: str) -> str:
    """
    Return a keyed digest (64 hex characters) by which equal values find each other without being readable.

    ``purpose`` keeps the indexes of two columns apart. Normalize the value (case, spaces) before.
    """
    key = _decoded(settings.BLIND_INDEX_KEY, "BLIND_INDEX_KEY")
    return hmac.new(key, f"{purpose}\0{value}".encode(), hashlib.sha256).hexdigest()


@lru_cache(maxsize=8)
def _keys(configured: str) -> dict[str, AESGCM]:
    keys: dict[str, AESGCM] = {}
    for entry in filter(None, (part.strip() for part in configured.split(","))):
        key_id, _, encoded = entry.partition(":")
        keys[key_id] = AESGCM(_decoded(encoded, f"FIELD_KEYS ({key_id})"))
    if not keys:
        raise ImproperlyConfigured('FIELD_KEYS is empty; it reads "id:base64 of 32 bytes,…".')
    return keys


@lru_cache(maxsize=8)
def _decoded(encoded: str, name: str) -> bytes:
    try:
        key = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        key = b""
    if len(key) != KEY_BYTES:
        raise ImproperlyConfigured(f"{name} must be base64 of {KEY_BYTES} bytes.")
    return key
