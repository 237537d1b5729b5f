"""Pure rules of sending: how long between tries, when to give up, who sleeps, what of an address may be shown."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

MAX_ATTEMPTS = 10
FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(hours=1)
# A sender that died holds a message this long; nobody else tries meanwhile.
LEASE = timedelta(seconds=60)
# So long what somebody may still undo is told to nobody.
UNDO_TIME = timedelta(minutes=1)
# By the reader's clock; what keeps the night rings no telephone between them.
NIGHT_BEGINS, NIGHT_ENDS = time(21), time(8)


def wait_after(attempts: int) -> timedelta:
    """The pause after the n-th failed try: 15 s, 30 s, 1 min, 2 min … at most an hour."""
    doublings = min(max(attempts, 1), MAX_ATTEMPTS + 1) - 1
    return min(FIRST_WAIT * 2**doublings, LONGEST_WAIT)


def is_worn_out(attempts: int) -> bool:
    """Whether a message was tried often enough."""
    return attempts >= MAX_ATTEMPTS


def has_expired(expires_at: datetime | None, now: datetime) -> bool:
    """Whether the message would only confuse if it came now (a code that no longer works)."""
    return expires_at is not None and now >= expires_at


def after_the_night(now: datetime, zone: ZoneInfo) -> datetime:
    """When a text that keeps the night may go: ``now`` by day, else the next morning in ``zone``."""
    local = now.astimezone(zone)
    if NIGHT_ENDS <= local.time() < NIGHT_BEGINS:
        return now
    day = local.date() + timedelta(days=1 if local.time() >= NIGHT_BEGINS else 0)
    return datetime.combine(day, NIGHT_ENDS, tzinfo=zone)


def mask_email(address: str) -> str:
    """Hide most of the local part: ``consumer@demo.example`` reads ``co***@demo.example``."""
    local, _, domain = address.partition("@")
    return f"{local[:2]}***@{domain}" if domain else "***"
