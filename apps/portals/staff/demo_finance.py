"""Used cars that the demo's consumers bring in part exchange, written by the services that pages use."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from apps.accounts.api import User
from apps.dealers.api import Store
from apps.financing.api import CarTold, TradeIn, accept_trade_in, inspect_trade_in, offer_trade_in
from apps.kernel.api import Money


def load_trade_ins(data: Mapping[str, Any], *, now: datetime) -> int:
    """Write the cars of ``trade_ins.json`` once: offers have clocks, and those of an older demo run on."""
    if TradeIn.objects.exists():
        return TradeIn.objects.count()
    people = {user.email: user for user in User.objects.filter(email__in=[row["owner"] for row in data["cars"]])}
    stores = Store.objects.select_related("dealer").in_bulk(field_name="code")
    for row in data["cars"]:
        owner = people[row["owner"]]
        told = CarTold(
            price_as_new=row["price_as_new"],
            first_registered=date.fromisoformat(row["first_registered"]),
            mileage_km=row["mileage_km"],
            condition=row["condition"],
        )
        offer = offer_trade_in(told=told, car_name=row["car"], vin=row["vin"], by=owner, now=now)
        if row["store"]:
            store = stores[row["store"]]
            accept_trade_in(number=offer.number, store_id=store.pk, by=owner, now=now)
            if row["found"]:
                inspect_trade_in(
                    number=offer.number,
                    organization_id=store.dealer.organization_id,
                    mileage_km=row["found"]["mileage_km"],
                    condition=row["found"]["condition"],
                    deduction=Money(Decimal(row["found"]["deduction"])),
                    note=row["found"]["note"],
                    by=None,
                    now=now,
                )
    return len(data["cars"])
