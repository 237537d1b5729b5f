"""Workshops of the demo's stores, two consumers' cars with packages, and their visits, by the services pages use."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from apps.accounts.api import User
from apps.aftersales.api import (
    ServiceVisit,
    Vehicle,
    Wish,
    add_finding,
    book_service,
    check_in,
    finish_work,
    grant_package,
    list_service_times,
    list_usable_lines,
    load_service,
    own_by_handover,
    propose_work,
    register_vehicle,
    settle_visit,
)
from apps.catalog.api import Offer, Trim
from apps.dealers.api import Store
from apps.kernel.api import Money

STORE, CLERK = "ST-SHANGHAI-PUDONG", "clerk@demo.example"
A_MONTH = timedelta(days=30)


def load_demo_service(data: Mapping[str, Any], *, now: datetime) -> int:
    """Write ``service.json``, and cars with visits once; returns how many pieces of work there are."""
    count = load_service(data, now=now)
    people = {user.email: user for user in User.objects.filter(email__endswith="@demo.example")}
    cars = [_hand_over(row, people, now=now) for row in data["vehicles"] if row["owner"] in people]
    if len(cars) == 2 and CLERK in people and not ServiceVisit.objects.exists():
        _visit_some(*cars, clerk=people[CLERK], people=people, data=data, now=now)
    return count


def _hand_over(row: Mapping[str, Any], people: Mapping[str, User], *, now: datetime) -> Vehicle:
    """A car that was sold before the shop opened, and the package its owner bought three months ago."""
    since = now - row["months_ago"] * A_MONTH
    trim = Trim.objects.get(code=row["trim"])
    vehicle = register_vehicle(vin=row["vin"], product_id=trim.product_id, in_service_on=since.date(), now=since)
    owner = people[row["owner"]]
    own_by_handover(vehicle=vehicle, member=owner, now=since)
    offer = Offer.objects.get(sku=row["package"])
    grant_package(
        product_id=offer.product_id,
        holder=owner,
        cause=f"demo:{row['vin']}",
        paid=Money.of(row["paid"]),
        vehicle=vehicle,
        now=now - 3 * A_MONTH,
    )
    return vehicle


def _visit_some(
    one: Vehicle, other: Vehicle, *, clerk: User, people: Mapping[str, User], data: Mapping[str, Any], now: datetime
) -> None:
    """A visit that took place, one ahead, and a car in the workshop whose owner is asked something."""
    first, second = (people[row["owner"]] for row in data["vehicles"])
    past = now - 2 * A_MONTH
    served = _book(one, first, day=1, is_next_of_plan=True, use_package=True, now=past)
    _take_in(served, clerk, kilometres=data["vehicles"][0]["kilometres"], now=served.starts_at)
    done = finish_work(**_keys(served, clerk), now=served.starts_at + timedelta(hours=2))
    if done.due:
        paid_at = served.starts_at + timedelta(hours=3)
        settle_visit(**_keys(served, clerk), amount=done.due, tender="WECHAT", now=paid_at)
    _book(one, first, day=3, codes=("TIRE-ROTATION",), now=now)
    waiting = _book(other, second, day=1, is_next_of_plan=True, use_package=True, now=now - timedelta(days=2))
    _take_in(waiting, clerk, kilometres=data["vehicles"][1]["kilometres"], now=now)
    finding = add_finding(**_keys(waiting, clerk), text="前雨刮片老化，刮拭有水痕", urgency="SOON", now=now)
    propose_work(**_keys(waiting, clerk), finding_id=finding.pk, labour=Decimal("60.00"), now=now)


def _book(
    vehicle: Vehicle,
    owner: User,
    *,
    day: int,
    codes: tuple[str, ...] = (),
    is_next_of_plan: bool = False,
    use_package: bool = False,
    now: datetime,
) -> ServiceVisit:
    """Book the first free time from so many days after ``now`` on."""
    store = Store.objects.get(code=STORE)
    lines = list_usable_lines(vehicle, member=owner, today=now.date()) if use_package else []
    paid = {line.service: line.pk for line in lines if line.service in ("INSPECTION", "CABIN-FILTER", "OIL-SERVICE")}
    slots = list_service_times(
        store_id=store.pk, minutes=180, first_day=(now + timedelta(days=day)).date(), days=5, now=now
    )
    return book_service(
        vehicle_id=vehicle.pk,
        store_id=store.pk,
        starts_at=next(slot.starts_at for slot in slots if slot.is_free),
        services=[
            *(Wish(code=code) for code in codes),
            *(Wish(code=k, entitlement_line_id=v) for k, v in paid.items()),
        ],
        is_next_of_plan=is_next_of_plan,
        by=owner,
        now=now,
    )


def _take_in(visit: ServiceVisit, clerk: User, *, kilometres: int, now: datetime) -> None:
    check_in(**_keys(visit, clerk), kilometres=kilometres, now=now)


def _keys(visit: ServiceVisit, clerk: User) -> dict[str, Any]:
    return {"visit_id": visit.pk, "organization_id": visit.organization_id, "by": clerk}
