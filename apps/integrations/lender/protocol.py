"""
The protocol agreed with lenders: JSON over HTTPS, every message signed by whoever sends it.

``Lender-Key``, ``Lender-Timestamp``, ``Lender-Nonce`` and ``Lender-Signature`` stand in the header; signed by RSA with
SHA-256 (PKCS #1 v1.5) is ``method\\npath\\ntimestamp\\nnonce\\nSHA-256 of the body in hex\\n``. Identity numbers are
sealed for the lender's key besides (RSA-OAEP, SHA-256). What is more than five minutes off is refused.
"""

import base64
import binascii
import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from apps.financing.errors import NewsForged, NewsMalformed
from apps.financing.ports import LenderNews, LenderStatus
from apps.integrations.reading import ReadingError, read_minor, read_moment, read_text

WINDOW = timedelta(minutes=5)


class Signer:
    """Our private key, and the lender's public one."""

    def __init__(self, *, key_id: str, private_key: Path, lender_key_id: str, lender_key: Path) -> None:
        self.key_id, self.lender_key_id = key_id, lender_key_id
        ours, theirs = (
            load_pem_private_key(private_key.read_bytes(), None),
            load_pem_public_key(lender_key.read_bytes()),
        )
        if not isinstance(ours, RSAPrivateKey) or not isinstance(theirs, RSAPublicKey):
            raise TypeError("The keys of the lenders' protocol are RSA keys.")
        self._ours, self._theirs = ours, theirs

    def sign(self, method: str, path: str, body: bytes, *, now: datetime) -> dict[str, str]:
        """Return the headers that sign a message."""
        timestamp, nonce = str(int(now.timestamp())), secrets.token_hex(16)
        signature = self._ours.sign(_message(method, path, timestamp, nonce, body), padding.PKCS1v15(), SHA256())
        return {
            "Lender-Key": self.key_id,
            "Lender-Timestamp": timestamp,
            "Lender-Nonce": nonce,
            "Lender-Signature": base64.b64encode(signature).decode(),
        }

    def verify(self, headers: Mapping[str, str], method: str, path: str, body: bytes, *, now: datetime) -> None:
        """
        Check that the lender signed this, lately.

        :raises NewsForged: otherwise
        """
        timestamp = headers.get("Lender-Timestamp", "")
        if headers.get("Lender-Key") != self.lender_key_id or not (timestamp.isascii() and timestamp.isdecimal()):
            raise NewsForged
        if len(timestamp) > 12 or abs(int(timestamp) - now.timestamp()) > WINDOW.total_seconds():
            raise NewsForged
        message = _message(method, path, timestamp, headers.get("Lender-Nonce", ""), body)
        try:
            signature = base64.b64decode(headers.get("Lender-Signature", ""), validate=True)
            self._theirs.verify(signature, message, padding.PKCS1v15(), SHA256())
        except (InvalidSignature, binascii.Error, ValueError):
            raise NewsForged from None

    def seal(self, text: str) -> str:
        """Return a text that only the lender can read."""
        oaep = padding.OAEP(mgf=padding.MGF1(SHA256()), algorithm=SHA256(), label=None)
        return base64.b64encode(self._theirs.encrypt(text.encode(), oaep)).decode()


def read_news(values: Mapping[str, Any], *, event_id: str = "") -> LenderNews:
    """
    Read where an application stands, as the lender writes it, in an answer or in a message.

    :raises NewsMalformed: if it is not as agreed
    """
    try:
        status = LenderStatus(read_text(values, "status"))
        asked = _read_kinds(values)
        amount = None
        if values.get("amount") is not None:
            amount = read_minor(values, "amount", read_text(values, "currency"))
        number, reference = read_text(values, "number"), read_text(values, "reference")
        disbursement = read_text(values, "disbursement", is_required=False)
        # An answer carries no id of its own: what it says is its id, so that the same again counts once.
        revision = read_text(values, "revision")
        return LenderNews(
            event_id=(event_id or f"answer:{number}:{revision}:{status.value}")[:160],
            number=number,
            reference=reference[:64],
            status=status,
            amount=amount,
            valid_until=read_moment(values, "valid_until"),
            asked_for=asked,
            reason=read_text(values, "reason", is_required=False),
            disbursement=disbursement,
        )
    except (ReadingError, ValueError) as error:
        raise NewsMalformed(why=str(error)[:200]) from None


def _read_kinds(values: Mapping[str, Any]) -> tuple[str, ...]:
    asked = values.get("asked_for") or []
    if not isinstance(asked, list) or not all(isinstance(kind, str) and len(kind) <= 20 for kind in asked):
        raise ReadingError("asked_for is not a list of texts")
    return tuple(asked[:10])


def _message(method: str, path: str, timestamp: str, nonce: str, body: bytes) -> bytes:
    return f"{method}\n{path}\n{timestamp}\n{nonce}\n{hashlib.sha256(body).hexdigest()}\n".encode()
