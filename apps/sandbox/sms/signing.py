"""Alibaba Cloud's V3 request signature, ACS3-HMAC-SHA256.

Source: https://help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qsl, quote

ALGORITHM = "ACS3-HMAC-SHA256"
# Source: the request's x-acs-date may be fifteen minutes old.
WINDOW_SECONDS = 900.0
_AUTHORIZATION = re.compile(
    rf"{ALGORITHM} Credential=(?P<id>[^,]+),\s*SignedHeaders=(?P<headers>[^,]+),"
    r"\s*Signature=(?P<signature>[0-9a-f]{64})"
)


class Refused(Exception):
    """The gateway does not let the request in."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


def verify_request(
    *,
    access_key_id: str,
    access_key_secret: str,
    method: str,
    path: str,
    query: str,
    headers: Mapping[str, str],
    body: bytes,
    now: float,
) -> None:
    """
    Check a request's signature, digest and time.

    :raises Refused: if anything is missing, late, foreign or wrong
    """
    match = _AUTHORIZATION.fullmatch(headers.get("authorization", ""))
    if match is None:
        raise Refused(400, "IncompleteSignature", "The request signature does not conform to Aliyun standards.")
    if match["id"] != access_key_id:
        raise Refused(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found.")
    names = match["headers"].split(";")
    missing = {"host", "x-acs-action", "x-acs-version", "x-acs-date", "x-acs-signature-nonce"} - set(names)
    if missing:
        raise Refused(400, "IncompleteSignature", f"Headers must be signed: {', '.join(sorted(missing))}.")
    _check_time(headers.get("x-acs-date", ""), now=now)
    digest = hashlib.sha256(body).hexdigest()
    if headers.get("x-acs-content-sha256") != digest:
        raise Refused(400, "SignatureDoesNotMatch", "x-acs-content-sha256 does not match the body.")
    lines = "".join(f"{name}:{headers.get(name, '').strip()}\n" for name in sorted(names))
    canonical = "\n".join([method, path, _sort_query(query), lines, ";".join(sorted(names)), digest])
    text = f"{ALGORITHM}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    expected = hmac.new(access_key_secret.encode(), text.encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected, match["signature"]):
        raise Refused(400, "SignatureDoesNotMatch", "Specified signature is not matched with our calculation.")


def _check_time(value: str, *, now: float) -> None:
    try:
        at = datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp()
    except ValueError as error:
        raise Refused(400, "InvalidTimeStamp.Format", "Specified time stamp is not well formatted.") from error
    if abs(now - at) > WINDOW_SECONDS:
        raise Refused(400, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.")


def _sort_query(query: str) -> str:
    pairs = sorted(parse_qsl(query, keep_blank_values=True))
    return "&".join(f"{quote(name, safe='~')}={quote(value, safe='~')}" for name, value in pairs)
