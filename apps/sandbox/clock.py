"""The sandbox's clock: read here, at the edges, and passed in everywhere else as seconds since the epoch."""

import time
from datetime import UTC, date, datetime, timedelta, timezone

# China has kept one time without summer time since 1992, so a fixed offset is exact for every statement we can issue.
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")


def read_clock() -> float:
    """Return seconds since the epoch."""
    return time.time()


def in_shanghai(at: float) -> datetime:
    """Return ``at`` as an aware time in Asia/Shanghai, the zone of every provider's console and statement."""
    return datetime.fromtimestamp(at, SHANGHAI)


def as_rfc3339(at: float) -> str:
    """Return ``at`` as WeChat Pay writes times: ``2018-06-08T10:34:56+08:00``."""
    return in_shanghai(at).isoformat(timespec="seconds")


def as_alipay_time(at: float) -> str:
    """Return ``at`` as Alipay writes times: ``2018-06-08 10:34:56``, Shanghai wall clock without a zone."""
    return in_shanghai(at).strftime("%Y-%m-%d %H:%M:%S")


def as_utc(at: float) -> str:
    """Return ``at`` as ISO 8601 in UTC, for logs."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")


def day_in_shanghai(day: date) -> tuple[float, float]:
    """Return the half-open period ``[start, end)`` of a calendar day in Shanghai."""
    start = datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
    return start.timestamp(), (start + timedelta(days=1)).timestamp()
