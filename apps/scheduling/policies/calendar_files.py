"""Calendar files. Source: RFC 5545."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

LINE = 75  # octets of a line, without its end
STAMP = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, kw_only=True)
class Event:
    """One appointment. ``sequence`` counts its changes, so that calendars replace what they hold."""

    uid: str
    starts_at: datetime
    ends_at: datetime
    changed_at: datetime
    title: str
    place: str = ""
    note: str = ""
    url: str = ""
    sequence: int = 0
    is_cancelled: bool = False


def write_calendar(events: Iterable[Event], *, name: str = "") -> str:
    """Return a calendar file: times in UTC, lines folded at 75 octets and ended by CRLF."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Xingchi//Appointments//ZH", "CALSCALE:GREGORIAN"]
    lines.append("METHOD:PUBLISH")
    if name:
        lines.append(f"X-WR-CALNAME:{_text(name)}")
    for event in events:
        lines += _event(event)
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _event(event: Event) -> list[str]:
    lines = [
        "BEGIN:VEVENT",
        f"UID:{event.uid}",
        f"SEQUENCE:{event.sequence}",
        f"DTSTAMP:{event.changed_at.astimezone(UTC).strftime(STAMP)}",
        f"DTSTART:{event.starts_at.astimezone(UTC).strftime(STAMP)}",
        f"DTEND:{event.ends_at.astimezone(UTC).strftime(STAMP)}",
        f"SUMMARY:{_text(event.title)}",
        f"STATUS:{'CANCELLED' if event.is_cancelled else 'CONFIRMED'}",
    ]
    lines += [
        f"{key}:{_text(value)}" for key, value in (("LOCATION", event.place), ("DESCRIPTION", event.note)) if value
    ]
    if event.url:
        lines.append(f"URL:{event.url}")
    if not event.is_cancelled:
        lines += ["BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{_text(event.title)}", "TRIGGER:-PT2H", "END:VALARM"]
    return [*lines, "END:VEVENT"]


def _text(value: str) -> str:
    for found, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\n", "\\n"), ("\r", "\\n")):
        value = value.replace(found, written)
    return "".join(character for character in value if character.isprintable())


def _folded(line: str) -> str:
    """Break a line into pieces of at most 75 octets, never inside a character; each next piece begins with a space."""
    pieces, piece, octets = [], "", 0
    for character in line:
        width = len(character.encode())
        if octets + width > LINE:
            pieces.append(piece)
            piece, octets = "", 1
        piece += character
        octets += width
    return "\r\n ".join([*pieces, piece])
