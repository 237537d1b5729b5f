"""One sale: what was ordered, by whom, how it went. No table is known here."""

from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from apps.portals.staff.large_world.goods import Build, Good

MINUTE, HOUR, DAY = 60, 3600, 86_400
PROVIDERS = ("wechatpay", "alipay", "stripe")
PROVIDER_SHARES = (58, 39, 3)
CARRIERS = ("顺丰速运", "京东物流", "中通快递", "德邦快递")
# Orders by the hour of the day they are written in, Shanghai time.
HOURS = (2, 1, 1, 1, 1, 1, 2, 4, 6, 8, 10, 9, 8, 7, 7, 7, 7, 7, 8, 10, 13, 14, 11, 6)
EXPIRED, CANCELLED, UNPAID = "EXPIRED", "CANCELLED", "UNPAID"


@dataclass(slots=True)
class Line:
    """One good with pieces and what they cost, in fen, tax included."""

    good: Good
    quantity: int
    unit_price: int
    goods: int
    tax: int
    build: Build | None = None


@dataclass(slots=True)
class Part:
    """What one seller owes out of one site (or out of nowhere), and when each step of it happens, if it does."""

    lines: list[Line]
    goods: int
    tax: int
    freight: int = 0
    accepted_at: float | None = None
    shipped_at: float | None = None
    arrived_at: float | None = None
    inspected_at: float | None = None
    ready_at: float | None = None
    done_at: float | None = None
    fulfilment_id: int = 0
    carrier: str = ""
    tracking_number: str = ""

    @property
    def total(self) -> int:
        """What it costs, in fen."""
        return self.goods + self.freight

    @property
    def seller(self) -> Good:
        """Any good of it: they share seller and site."""
        return self.lines[0].good


@dataclass(slots=True)
class Sale:
    """One order."""

    at: float
    number: str
    member: int | None
    user_id: int | None
    method: str
    store: "Shop | None"
    place: tuple[str, str, str]
    lines: list[Line]
    provider: str
    freight: int = 0
    freight_tax: int = 0
    deposit: int = 0
    fate: str = ""
    ended_at: float | None = None
    paid_at: float | None = None
    balance_at: float | None = None
    parts: list[Part] = field(default_factory=list)

    @property
    def goods(self) -> int:
        """What the goods cost, in fen."""
        return sum(line.goods for line in self.lines)

    @property
    def tax(self) -> int:
        """The tax inside of the total, in fen."""
        return sum(line.tax for line in self.lines) + self.freight_tax

    @property
    def total(self) -> int:
        """What the order costs, in fen."""
        return self.goods + self.freight


@dataclass(frozen=True, slots=True)
class Shop:
    """A store where goods are handed over."""

    pk: int
    dealer_id: int
    name_zh: str
    name_en: str
    place: tuple[str, str, str]
    sells_cars: bool
    site_id: int | None


def included_tax(total: int, rate: int) -> int:
    """The tax inside of ``total`` fen at ``rate`` ten-thousandths, half up. Example: 11300 at 1300 → 1300."""
    whole = 10_000 + rate
    return (2 * total * rate + whole) // (2 * whole)


def line_of(good: Good, quantity: int, build: Build | None = None) -> Line:
    """A line at today's price."""
    unit = build.price if build else good.price
    goods = unit * quantity
    return Line(good, quantity, unit, goods, included_tax(goods, good.tax_rate), build)


def time_of_day(random: Random) -> float:
    """Seconds after midnight at which somebody orders."""
    return random.choices(range(24), HOURS)[0] * HOUR + random.random() * HOUR


def parts_fate(random: Random, sale: Sale) -> None:
    """Decide whether an order of parts is paid, and whether it is called off."""
    draw = random.random()
    if draw < 0.036:
        sale.fate, sale.ended_at = EXPIRED, sale.at + 15 * MINUTE + random.random() * 30
    elif draw < 0.042:
        sale.fate, sale.ended_at = UNPAID, sale.at + random.uniform(1, 14) * MINUTE
    else:
        sale.paid_at = sale.at + random.lognormvariate(4.2, 0.7) % (12 * MINUTE) + 8
        if draw < 0.064:
            sale.fate, sale.ended_at = CANCELLED, sale.paid_at + random.uniform(0.1, 6) * HOUR


def deliver(random: Random, part: Part, *, paid_at: float) -> None:
    """A parcel: accepted within the day, shipped, delivered after one to four days."""
    part.accepted_at = paid_at + random.uniform(0.3, 18) * HOUR
    part.shipped_at = part.accepted_at + random.uniform(1, 28) * HOUR
    part.done_at = part.shipped_at + random.uniform(0.8, 4.2) * DAY


def fetch(random: Random, part: Part, *, paid_at: float) -> None:
    """Parts fetched at a store: sent there, made ready, handed over when the buyer comes."""
    part.accepted_at = paid_at + random.uniform(0.3, 18) * HOUR
    part.shipped_at = part.accepted_at + random.uniform(1, 24) * HOUR
    part.arrived_at = part.shipped_at + random.uniform(0.7, 3) * DAY
    part.ready_at = part.arrived_at + random.uniform(0.2, 6) * HOUR
    part.done_at = part.ready_at + random.uniform(0.2, 6) * DAY


def drive_home(random: Random, sale: Sale, part: Part) -> None:
    """A car: built to order, brought to the store, inspected, paid in full, handed over."""
    paid_at = sale.paid_at or sale.at
    part.accepted_at = paid_at + random.uniform(1, 20) * HOUR
    part.shipped_at = part.accepted_at + random.uniform(3, 12) * DAY
    part.arrived_at = part.shipped_at + random.uniform(1, 5) * DAY
    part.inspected_at = part.arrived_at + random.uniform(3, 30) * HOUR
    if sale.deposit:
        sale.balance_at = part.arrived_at + random.uniform(4, 70) * HOUR
    part.ready_at = max(part.inspected_at, sale.balance_at or 0.0) + random.uniform(1, 8) * HOUR
    part.done_at = part.ready_at + random.uniform(0.2, 4) * DAY


class Places:
    """Where people live: cities by how many cars they have, and a district of each."""

    def __init__(self, rows: Sequence[Sequence[str]]) -> None:
        names = {row[0]: row[3] for row in rows}
        self.places: list[tuple[str, str, str]] = []
        self.ends: list[float] = []
        for row in rows:
            if row[2] != "district" or row[1] not in names:
                continue
            city, province = row[1], f"{row[1][:2]}0000"
            weight = 9.0 if city in ("110100", "310100", "440100", "440300", "330100", "510100", "500100") else 1.0
            self.places.append((names[province], names[city], names[row[0]]))
            self.ends.append((self.ends[-1] if self.ends else 0.0) + weight)

    def pick(self, random: Random) -> tuple[str, str, str]:
        """Province, city and district in Chinese."""
        return self.places[bisect(self.ends, random.random() * self.ends[-1], hi=len(self.places) - 1)]
