"""
The demo world: everything under ``config/reference`` written through the doors of the apps that own it.

Deterministic and safe to repeat: rows are found by code, stock that was counted or sold from stays, accounts keep their
passwords.
"""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from apps.accounts.api import Organization, User, add_member, create_organization, create_user_account, enroll_totp
from apps.catalog.api import (
    Offer,
    Trim,
    load_categories,
    load_packages,
    load_parts,
    load_price_lists,
    load_supply_rules,
    load_tax_rates,
    load_vehicles,
    load_waiting,
    refresh_shown_offers,
)
from apps.dealers.api import Store, load_dealers
from apps.financing.api import load_car_law, load_finance, load_trade_in_tables
from apps.inventory.api import load_sites, load_stock, load_units
from apps.portals.staff.demo_applications import load_applications
from apps.portals.staff.demo_finance import load_trade_ins
from apps.portals.staff.demo_handovers import load_handover_areas, load_waiting_handover
from apps.portals.staff.demo_leads import load_leads
from apps.portals.staff.demo_service import load_demo_service
from apps.portals.staff.demo_support import load_conversations
from apps.portals.staff.demo_test_drives import load_test_drives
from apps.portals.staff.demo_voices import load_voices
from apps.suppliers.api import load_suppliers

PLANT = "PLANT-HUZHOU"
# Of the parts that dealers keep, every so many is on their shelves in the demo: enough to see, quick to write.
SHELVED_EVERY = 12
REFERENCE = Path(settings.BASE_DIR) / "config" / "reference"


def build_demo_world(*, now: datetime, report: Callable[[str], None]) -> None:
    """Write the whole demo world, part by part in the order in which they lean on each other, in one transaction."""
    with transaction.atomic():
        parts = (
            _organizations,
            _suppliers,
            _dealers,
            _sites,
            _catalog,
            _finance,
            _stock,
            _shelves,
            _units,
            _dealers_units,
            _supply,
            _accounts,
            _voices,
            _leads,
            _test_drives,
            _handovers,
            _service,
            _applications,
            _trade_ins,
            _conversations,
            _waiting_handover,
        )
        for part in parts:
            report(f"{part.__name__.strip('_')}: {part(now)}")


def _read(name: str) -> Any:
    return json.loads((REFERENCE / f"{name}.json").read_text(encoding="utf-8"))


def _organizations(now: datetime) -> int:
    rows = _read("organizations")["organizations"]
    known = set(Organization.objects.values_list("code", flat=True))
    for row in rows:
        if row["code"] not in known:
            create_organization(
                kind=row["kind"], code=row["code"], name_zh=row["name_zh"], name_en=row["name_en"], by=None, now=now
            )
    return len(rows)


def _suppliers(now: datetime) -> int:
    return len(load_suppliers(_read("suppliers"), now=now))


def _dealers(now: datetime) -> int:
    return len(load_dealers(_read("dealers"), regions=_read("regions"), now=now))


def _sites(now: datetime) -> int:
    stores = Store.objects.in_bulk(field_name="code")
    stockrooms = {row["site"]: stores[row["code"]].pk for row in _read("dealers")["stores"] if row.get("site")}
    return load_sites(_read("sites")["sites"], store_ids=stockrooms)


def _catalog(now: datetime) -> int:
    load_tax_rates(_read("tax"), now=now)
    load_categories(_read("categories"), now=now)
    load_vehicles(_read("vehicles"), site=PLANT, now=now)
    load_parts(_read("parts"), owners=_owners_of_sites(), now=now)
    load_packages(_read("packages"), site=PLANT, now=now)
    return Offer.objects.count()


def _finance(now: datetime) -> int:
    law = load_car_law(_read("car_law"), now=now) + load_trade_in_tables(_read("trade_ins"), now=now)
    return law + load_finance(_read("finance"), now=now)


def _owners_of_sites() -> dict[str, str]:
    return {row["code"]: row["owner"] for row in _read("sites")["sites"]}


def _stock(now: datetime) -> int:
    """Fill the shelves of those who sell; what dealers keep for themselves is theirs to offer."""
    offers = Offer.objects.select_related("seller__organization")
    product_of = {offer.sku: offer.product_id for offer in offers}
    sellers = {(offer.product_id, offer.seller.organization.code) for offer in offers}
    owner_of = _owners_of_sites()
    pieces = {
        (product_of[part["sku"]], site): quantity
        for part in _read("parts")["parts"]
        for site, quantity in part["stock"].items()
        if (product_of[part["sku"]], owner_of[site]) in sellers
    }
    return load_stock(pieces, now=now)


def _shelves(now: datetime) -> int:
    """Put a few parts on dealers' own shelves: nothing of an offer, but there to be taken along."""
    product_of = dict(Offer.objects.values_list("sku", "product_id"))
    stockrooms = {row["site"] for row in _read("dealers")["stores"] if row.get("site")}
    talked_of = {row["sku"] for row in _read("reviews")["reviews"]}
    parts = _read("parts")["parts"]
    chosen = [part for index, part in enumerate(parts) if index % SHELVED_EVERY == 0 or part["sku"] in talked_of]
    pieces = {
        (product_of[part["sku"]], site): quantity
        for part in chosen
        for site, quantity in part["stock"].items()
        if site in stockrooms
    }
    return load_stock(pieces, now=now)


def _units(now: datetime) -> int:
    trims = dict(Trim.objects.values_list("code", "product_id"))
    rows = [(vin, trims[row["trim"]], row["site"]) for row in _read("units")["units"] for vin in row["vins"]]
    load_units(rows, now=now)
    # Lists show what is in stock before what is sold out; loaded stock tells no facts.
    refresh_shown_offers(Offer.objects.values_list("product_id", flat=True))
    return len(rows)


def _dealers_units(now: datetime) -> int:
    """Let cars of their own stand at some dealers, of every age, those that stand for too long among them."""
    trims = dict(Trim.objects.values_list("code", "product_id"))
    rows = _read("dealer_units")["units"]
    for row in rows:
        received_at = now - timedelta(days=row["days"])
        load_units([(vin, trims[row["trim"]], row["site"]) for vin in row["vins"]], now=received_at)
    return sum(len(row["vins"]) for row in rows)


def _supply(now: datetime) -> int:
    """Date the rules of prices and texts, publish price lists, and leave something in headquarters' queues."""
    data = _read("supply")
    return sum(load(data, now=now) for load in (load_supply_rules, load_price_lists, load_waiting))


def _accounts(now: datetime) -> int:
    """Open the demo accounts; they exist only where S2B2C_DEMO says so, and the command checks that."""
    data = _read("accounts")
    organizations = Organization.objects.in_bulk(field_name="code")
    for row in data["accounts"]:
        if User.objects.filter(email=row["email"]).exists():
            continue
        user = create_user_account(
            email=row["email"],
            password=data["password"],
            display_name=row["name_en"] if row["language"] == "en" else row["name_zh"],
            phone=row["phone"],
            language=row["language"],
            by=None,
            now=now,
        )
        if row["organization"]:
            organization = organizations[row["organization"]]
            add_member(user=user, organization=organization, role=row["role"].lower(), by=None, now=now)
        if row["email"] in data["totp_accounts"]:
            enroll_totp(user=user, secret=data["totp_secret"])
    return len(data["accounts"])


def _voices(now: datetime) -> int:
    return load_voices(_read("reviews"), now=now)


def _leads(now: datetime) -> int:
    return load_leads(_read("leads"), now=now)


def _test_drives(now: datetime) -> int:
    return load_test_drives(_read("demo_cars"), now=now)


def _handovers(now: datetime) -> int:
    return load_handover_areas()


def _waiting_handover(now: datetime) -> int:
    return load_waiting_handover(_read("handovers"), now=now)


def _trade_ins(now: datetime) -> int:
    return load_trade_ins(_read("trade_ins"), now=now)


def _service(now: datetime) -> int:
    return load_demo_service(_read("service"), now=now)


def _conversations(now: datetime) -> int:
    return load_conversations(_read("conversations"), now=now)


def _applications(now: datetime) -> int:
    return load_applications(_read("applications"), now=now)
