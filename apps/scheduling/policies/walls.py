"""Times by the clock on a store's wall, as pages show them."""

from datetime import datetime
from zoneinfo import ZoneInfo


class WallTime(datetime):
    """A moment in a store's own zone. Templates show any other aware time by the clock of the site instead."""

    convert_to_local_time = False


def on_wall(moment: datetime, zone: str) -> WallTime:
    """Return an aware moment by the clock on the wall of a store in ``zone``."""
    local = moment.astimezone(ZoneInfo(zone))
    return WallTime.combine(local.date(), local.timetz())
