"""
The orders of a year, a week a transaction.

A week is drawn from a seed of its own, so that it is the same whether the weeks before were written today or before a
crash. It is there if its first order is.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from random import Random

from django.db import transaction

from apps.dealers.api import Store
from apps.inventory.api import Site
from apps.kernel.api import Money
from apps.orders.api import CustomerOrder, ShippingRate, deposit_for
from apps.portals.staff.large_world.demand import Demand, Showroom
from apps.portals.staff.large_world.families import reference
from apps.portals.staff.large_world.goods import Assortment, Good, read_assortment
from apps.portals.staff.large_world.numbers import ZONE, order_number
from apps.portals.staff.large_world.people import SAMPLES, Members
from apps.portals.staff.large_world.sales import (
    DAY,
    HOUR,
    PROVIDER_SHARES,
    PROVIDERS,
    Line,
    Part,
    Places,
    Sale,
    Shop,
    deliver,
    drive_home,
    fetch,
    included_tax,
    line_of,
    parts_fate,
    time_of_day,
)  # fmt: skip
from apps.portals.staff.large_world.scale import Scale
from apps.portals.staff.large_world.seasons import shares, spread
from apps.portals.staff.large_world.states import settle
from apps.portals.staff.large_world.triggers import without_audit
from apps.portals.staff.large_world.writing import Ledgers, write_sale

CARS_SHARE = 0.08
PACKAGES_SHARE = 0.1
GUESTS = 0.07
PICKUPS = 0.16
DEPOSITS = 0.72
# Some members buy often; the documented samples more often still, so that there is something to see.
LOYAL, LOYAL_PART, SAMPLE_ORDERS = 0.4, 0.1, 0.0006


class Year:
    """Everything a week is drawn from."""

    def __init__(self, scale: Scale, members: Members, anchor: datetime) -> None:
        self.scale, self.members, self.anchor = scale, members, anchor
        self.first = anchor.astimezone(ZONE).date() - timedelta(days=scale.order_days)
        self.until = anchor.timestamp()
        cars = round(scale.orders * CARS_SHARE)
        self.cars = spread(cars, first=self.first, days=scale.order_days, kind="cars")
        self.parts = spread(scale.orders - cars, first=self.first, days=scale.order_days, kind="parts")
        self.places = Places(reference("regions")["rows"])
        self.shops = _shops()
        self.car_shops = [shop for shop in self.shops if shop.sells_cars]
        parcel = ShippingRate.objects.in_force(anchor).get(kind="parcel")
        self.parcel = (int(parcel.amount * 100), int((parcel.free_from or 0) * 100), int(parcel.tax_rate * 10_000))
        self.deposits: dict[int, int] = {}

    @cached_property
    def assortment(self) -> Assortment:
        """What is sold; read when the first week is written."""
        return read_assortment(at=self.anchor, seed=self.scale.seed)

    def deposit_of(self, total: int) -> int:
        """The prepayment on ``total`` fen, by the rule in force."""
        if total not in self.deposits:
            self.deposits[total] = deposit_for(Money.from_minor(total, "CNY"), at=self.anchor).minor
        return self.deposits[total]


def write_orders(year: Year, *, report: Callable[[str], None]) -> None:
    """Write the weeks that are not there yet."""
    days = range(year.scale.order_days)
    weeks = [days[start : start + 7] for start in range(0, len(days), 7)]
    written = 0
    for number, week in enumerate(weeks):
        if not sum(year.parts[day] + year.cars[day] for day in week):
            continue
        if CustomerOrder.objects.filter(number=_first_number(year, number, week)).exists():
            continue
        written += _write_week(year, number, week)
        report(f"orders: week {number + 1} of {len(weeks)}, {written} orders")
    if not written:
        report("orders: all there")


def _week_random(year: Year, number: int) -> Random:
    return Random(f"{year.scale.seed}:week:{number}")  # noqa: S311 - a picture of a business, no secret


def _first_number(year: Year, number: int, week: Sequence[int]) -> str:
    """The number of the week's first order: the first thing its seed is asked for."""
    return order_number(_week_random(year, number), _day_text(year, week[0]))


def _day_text(year: Year, day: int) -> str:
    return f"{year.first + timedelta(days=day):%y%m%d}"


def _write_week(year: Year, number: int, week: Sequence[int]) -> int:
    random = _week_random(year, number)
    first = order_number(random, _day_text(year, week[0]))
    demand = Demand(year.assortment.parts, seed=year.scale.seed, week=number)
    with transaction.atomic(), without_audit():
        ledgers = Ledgers()
        ledgers.begin()
        count = 0
        for sale in _sales_of(year, week, demand, random):
            if count == 0:
                sale.number = first
            count += 1
            write_sale(ledgers, sale, settle(sale, until=year.until), random)
        received_at = _midnight(year, week[0]) - DAY + 6 * HOUR
        ledgers.flush(received_at=received_at, cause=f"replenishment-{_day_text(year, week[0])}")
    return count


def _sales_of(year: Year, week: Sequence[int], demand: Demand, random: Random):
    for day in week:
        showroom = Showroom(year.assortment.cars, day=day) if year.cars[day] else None
        kinds = ["parts"] * year.parts[day] + ["cars"] * year.cars[day]
        times = sorted((time_of_day(random), place) for place in range(len(kinds)))
        random.shuffle(kinds)
        midnight = _midnight(year, day)
        for seconds, place in times:
            # An order of the last minutes would still be on its way to the till.
            at = min(midnight + seconds, year.until - HOUR / 2)
            if kinds[place] == "cars" and showroom is not None:
                yield _car_sale(year, showroom.pick(random), at, random)
            else:
                yield _parts_sale(year, demand, at, random)


def _midnight(year: Year, day: int) -> float:
    moment = year.first + timedelta(days=day)
    return datetime(moment.year, moment.month, moment.day, tzinfo=ZONE).timestamp()


def _parts_sale(year: Year, demand: Demand, at: float, random: Random) -> Sale:
    if random.random() < PACKAGES_SHARE and year.assortment.packages:
        lines = [line_of(random.choice(year.assortment.packages), 1)]
        if random.random() < 0.3:
            lines += [line_of(good, pieces) for good, pieces in demand.basket(random)[:2]]
    else:
        lines = [line_of(good, pieces) for good, pieces in demand.basket(random)]
    is_pickup = random.random() < PICKUPS and bool(year.shops)
    store = random.choice(year.shops) if is_pickup else None
    sale = _sale(year, at, lines, store, random)
    amount, free_from, rate = year.parcel
    has_parcel = any(line.good.kind in ("part", "accessory") for line in lines)
    if store is None and has_parcel and not (free_from and sale.goods >= free_from):
        sale.freight, sale.freight_tax = amount, included_tax(amount, rate)
    parts_fate(random, sale)
    if sale.paid_at is not None:
        sale.parts = _parts(sale)
        for part in sale.parts:
            if part.seller.site_id is not None:
                (fetch if store else deliver)(random, part, paid_at=sale.paid_at)
        _grant(sale)
    return sale


def _car_sale(year: Year, car: Good, at: float, random: Random) -> Sale:
    store = random.choice(year.car_shops)
    sale = _sale(year, at, [line_of(car, 1, random.choice(car.builds))], store, random)
    if random.random() < DEPOSITS:
        sale.deposit = year.deposit_of(sale.total)
    parts_fate(random, sale)
    if sale.paid_at is not None:
        sale.parts = _parts(sale)
        drive_home(random, sale, sale.parts[0])
    return sale


def _sale(year: Year, at: float, lines: list[Line], store: Shop | None, random: Random) -> Sale:
    member = None if random.random() < GUESTS else _member(year, at, random)
    day = datetime.fromtimestamp(at, ZONE)
    return Sale(
        at=at,
        number=order_number(random, f"{day:%y%m%d}"),
        member=member,
        user_id=None if member is None else year.members.id_of(member),
        method="pickup" if store else "delivery",
        store=store,
        place=year.places.pick(random),
        lines=lines,
        provider=random.choices(PROVIDERS, PROVIDER_SHARES)[0],
    )


def _member(year: Year, at: float, random: Random) -> int:
    joined = year.members.joined_by(at)
    draw = random.random()
    if draw < SAMPLE_ORDERS:
        return random.randrange(min(SAMPLES, joined))
    if draw < LOYAL:
        return random.randrange(max(1, int(joined * LOYAL_PART)))
    return random.randrange(joined)


def _parts(sale: Sale) -> list[Part]:
    """The sale by seller and site; freight and its tax divide by what goods cost, as orders divides them."""
    of_seller: dict[int, dict[int | None, list[Line]]] = defaultdict(lambda: defaultdict(list))
    for line in sale.lines:
        of_seller[line.good.seller_id][line.good.site_id].append(line)
    groups = list(of_seller.values())
    weights = [sum(line.goods for lines in group.values() for line in lines) for group in groups]
    parts = []
    for group, share, tax in zip(groups, *_freight(sale.freight, sale.freight_tax, weights), strict=True):
        own = [
            Part(lines, sum(line.goods for line in lines), sum(line.tax for line in lines)) for lines in group.values()
        ]
        for part, freight, freight_tax in zip(own, *_freight(share, tax, [part.goods for part in own]), strict=True):
            part.freight, part.tax = freight, part.tax + freight_tax
        parts += own
    return parts


def _freight(freight: int, tax: int, weights: list[int]) -> tuple[list[int], list[int]]:
    shared = shares(freight, weights)
    return shared, shares(tax, shared if freight else weights)


def _grant(sale: Sale) -> None:
    """Packages are granted once everything is paid and all goods are with the buyer."""
    goods = [part.done_at or 0.0 for part in sale.parts if part.seller.site_id is not None]
    for part in sale.parts:
        if part.seller.site_id is None:
            part.done_at = max([(sale.paid_at or sale.at) + 3, *goods])


def _shops() -> list[Shop]:
    sites = dict(Site.objects.exclude(store=None).values_list("store_id", "pk"))
    stores = Store.objects.filter(is_open=True).select_related("dealer").order_by("pk")
    return [
        Shop(
            store.pk,
            store.dealer.organization_id,
            store.name_zh,
            store.name_en,
            (store.province, store.city, store.district),
            store.has_sales,
            sites.get(store.pk),
        )
        for store in stores
    ]
