"""Pure rules of outgoing webhooks: which addresses are called, when a failed call is repeated, when one gives up."""

import hashlib
import ipaddress
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import SplitResult, urlsplit

# Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md (Deliverability),
# shortened at its end: ten attempts over about a day and a half.
WAITS = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
)
MAX_ATTEMPTS = len(WAITS) + 1
# Up to so much of a wait is added, by chance, so that what failed together does not come back together.
JITTER = 0.2
# A sender that died holds a delivery this long. Longer than the deadline of a call.
LEASE = timedelta(seconds=60)
# An endpoint that took nothing for so long is disabled.
PATIENCE = timedelta(days=3)
# How long the secret before a rotation stays valid.
OVERLAP = timedelta(hours=24)
GONE = 410
LONGEST_URL = 500
# Ports below 1024 that speak HTTP; whatever else listens there is not a receiver of webhooks.
LOW_PORTS = frozenset({80, 443})

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# Ranges of IPv6 that carry an IPv4 address: NAT64 (RFC 6052, RFC 8215), IPv4-compatible (RFC 4291) and ISATAP-like
# translations lead to the address inside.
_NAT64 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
_IPV4_COMPATIBLE = ipaddress.ip_network("::/96")
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?\.?")


def is_loopback(address: Address) -> bool:
    """Whether it is this machine, also as IPv4 inside of IPv6."""
    inner = _inner(address)
    return inner.is_loopback if inner is not None else address.is_loopback


def is_public(address: Address) -> bool:
    """
    Whether an address is on the public internet.

    Not so: private, loopback, link-local (the metadata services of clouds), shared (RFC 6598), multicast, reserved and
    documentation ranges, and every IPv6 form that carries such an IPv4 address.
    """
    inner = _inner(address)
    if inner is not None:
        return is_public(inner)
    if isinstance(address, ipaddress.IPv6Address) and (
        any(address in network for network in _NAT64) or address.is_site_local
    ):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _inner(address: Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 address stands for, if it does."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if address in _NAT64[0]:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    if address in _IPV4_COMPATIBLE and int(address) > 1:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def problem_of_url(url: str, *, may_loop: bool) -> str:
    """
    Return what is wrong with an address as a code, or an empty text.

    ``may_loop`` (tests, the demo) lets plain http through, and only to this machine.
    """
    if len(url) > LONGEST_URL:
        return "too_long"
    if not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        return "characters"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "form"
    if parts.scheme != "https" and not (may_loop and parts.scheme == "http" and names_loopback(parts)):
        return "https"
    if "@" in parts.netloc:
        return "credentials"
    if not parts.hostname or not (_HOST.fullmatch(parts.hostname) or parts.netloc.startswith("[")):
        return "host"
    if parts.fragment:
        return "fragment"
    if port is not None and port < 1024 and port not in LOW_PORTS:
        return "port"
    return ""


def names_loopback(parts: SplitResult) -> bool:
    """Whether the host is this machine by its usual names."""
    if parts.hostname == "localhost":
        return True
    try:
        return is_loopback(ipaddress.ip_address(parts.hostname or ""))
    except ValueError:
        return False


def wait_after(attempts: int, *, key: str) -> timedelta | None:
    """
    Return the pause after the n-th failed attempt, None when that was the last.

    ``key`` names the delivery: its jitter is drawn from it, so the same delivery always waits as long.
    """
    if attempts >= MAX_ATTEMPTS:
        return None
    wait = WAITS[max(attempts, 1) - 1]
    drawn = int.from_bytes(hashlib.sha256(f"{key}:{attempts}".encode()).digest()[:4], "big") / 2**32
    return wait * (1 + JITTER * drawn)


def is_lost(failing_since: datetime | None, *, now: datetime) -> bool:
    """Whether an endpoint has taken nothing for so long that we stop asking."""
    return failing_since is not None and now - failing_since >= PATIENCE


def valid_secrets(
    secret: str, previous: str | None, previous_until: datetime | None, *, now: datetime
) -> Sequence[str]:
    """The secrets to sign with, the newest first; the one before a rotation counts until its time is over."""
    if previous and previous_until is not None and now < previous_until:
        return (secret, previous)
    return (secret,)
