"""Parcels: where each one was, and where it will be unless somebody says otherwise."""

from dataclasses import dataclass

from apps.sandbox.database import Database

# Source: https://api.kuaidi100.com/document: the codes of ``state``.
STATES = {
    "0": "在途",
    "1": "揽收",
    "2": "疑难",
    "3": "签收",
    "4": "退签",
    "5": "派件",
    "6": "退回",
}
# Seconds after a parcel is first heard of: a demo's parcel needs three minutes.
JOURNEY = (
    (0.0, "1", "快件已揽收"),
    (60.0, "0", "快件已到达转运中心，正发往下一站"),
    (120.0, "5", "快递员正在派送，请保持电话畅通"),
    (180.0, "3", "快件已签收，感谢使用"),
)
FINAL_STATES = ("3", "4", "6")


@dataclass(frozen=True, slots=True)
class ParcelEvent:
    """One line of a parcel's track."""

    at: float
    state: str
    context: str


class Parcels:
    """All parcels and who asked to be told about them."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def hear_of(self, company: str, number: str, *, now: float) -> None:
        """Lay out the journey of a parcel nobody has mentioned before."""
        with self.database.transaction():
            if self.database.one("SELECT 1 FROM parcel_events WHERE company = ? AND number = ?", company, number):
                return
            for delay, state, context in JOURNEY:
                self._add(company, number, ParcelEvent(at=now + delay, state=state, context=context))

    def move(self, company: str, number: str, *, state: str, context: str, now: float) -> None:
        """Put a parcel where a test wants it; from then on it does not move by itself."""
        with self.database.transaction():
            self.database.run(
                "DELETE FROM parcel_events WHERE company = ? AND number = ? AND at > ?", company, number, now
            )
            self._add(company, number, ParcelEvent(at=now, state=state, context=context))

    def track(self, company: str, number: str, *, now: float) -> list[ParcelEvent]:
        """Return what has happened so far, newest first."""
        rows = self.database.all(
            "SELECT at, state, context FROM parcel_events WHERE company = ? AND number = ? AND at <= ?"
            " ORDER BY at DESC, id DESC",
            company,
            number,
            now,
        )
        return [ParcelEvent(**dict(row)) for row in rows]

    def steps_ahead(self, company: str, number: str, *, now: float) -> list[float]:
        """Return when the parcel will move by itself."""
        rows = self.database.all(
            "SELECT at FROM parcel_events WHERE company = ? AND number = ? AND at > ? ORDER BY at", company, number, now
        )
        return [row["at"] for row in rows]

    def subscribe(self, company: str, number: str, *, url: str, salt: str) -> bool:
        """Keep who is to be told; answer False if somebody already is."""
        if self.subscriber(company, number):
            return False
        self.database.run(
            "INSERT INTO parcel_subscribers (company, number, url, salt) VALUES (?, ?, ?, ?)",
            company,
            number,
            url,
            salt,
        )
        return True

    def subscriber(self, company: str, number: str) -> tuple[str, str] | None:
        """Return the address and the salt of who is to be told."""
        row = self.database.one(
            "SELECT url, salt FROM parcel_subscribers WHERE company = ? AND number = ?", company, number
        )
        return (row["url"], row["salt"]) if row else None

    def _add(self, company: str, number: str, event: ParcelEvent) -> None:
        self.database.run(
            "INSERT INTO parcel_events (company, number, at, state, context) VALUES (?, ?, ?, ?, ?)",
            company,
            number,
            event.at,
            event.state,
            event.context,
        )
