"""Cars by VIN: one for every car that was paid for."""

import json

from django.db import connection

from apps.inventory.api import is_valid_vin
from apps.portals.staff.large_world.sales import CANCELLED, DAY, Line, Part, Sale
from apps.portals.staff.large_world.tables import NULL, Table, moment

WMI = "LXC"
PLANT = "Z"
# Source: GB 16735-2019, table of model years.
YEAR_LETTERS = {2024: "R", 2025: "S", 2026: "T", 2027: "V", 2028: "W"}
CHECK_DIGITS = "0123456789X"
# The demo's own cars have serials below this.
FIRST_SERIAL = 100_000


class Garage:
    """The tables of cars."""

    def __init__(self) -> None:
        self.units = Table("inventory.Unit", ("vin", "product_id", "site_id", "status", "option_codes", "received_at"))
        self.holds = Table("inventory.UnitHold", ("unit_id", "cause", "is_live", "created_at", "ended_at"))
        self.assigned = Table("orders.AssignedVehicle", ("line_id", "cause", "vin", "assigned_at", "released_at"))
        self.serial = FIRST_SERIAL

    def begin(self) -> None:
        """Go on with the serials where the chunks before left off."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM inventory_unit WHERE vin LIKE %s", [f"{WMI}W%"])
            self.serial = FIRST_SERIAL + cursor.fetchone()[0]

    def tables(self) -> list[Table]:
        """All of them, those first that others refer to."""
        return [self.units, self.holds, self.assigned]

    def assign(self, sale: Sale, part: Part, line: Line, line_pk: int, movements: Table) -> None:
        """Build a car for a line, receive it at the plant, and assign it."""
        good, cause = line.good, f"orders.line:{line_pk}:1"
        built_at = sale.at - 20 * DAY
        paid_at = sale.paid_at or sale.at
        vin = self._new_vin(good.product_id, year=2026)
        status, site, is_live = _unit_status(sale, part), good.site_id, sale.fate != CANCELLED
        if is_live and part.arrived_at is not None and sale.store is not None and sale.store.site_id:
            site = sale.store.site_id
        codes = json.dumps(line.build.codes) if line.build and is_live else "[]"
        unit, ended = self.units.number(), NULL if is_live else moment(sale.ended_at)
        self.units.add(f"{unit}\t{vin}\t{good.product_id}\t{site}\t{status}\t{codes}\t{moment(built_at)}")
        self.holds.add(f"{self.holds.number()}\t{unit}\t{cause}\t{'t' if is_live else 'f'}\t{moment(paid_at)}\t{ended}")
        self.assigned.add(f"{self.assigned.number()}\t{line_pk}\t{cause}\t{vin}\t{moment(paid_at)}\t{ended}")
        movements.add(
            f"{movements.number()}\t{good.level_id}\tRECEIVED\t{line.quantity}\t{vin}\t{NULL}\t{moment(built_at)}"
        )

    def _new_vin(self, product_id: int, *, year: int) -> str:
        self.serial += 1
        start, end = f"{WMI}W{product_id % 1000:03d}1", f"{YEAR_LETTERS[year]}{PLANT}{self.serial % 1_000_000:06d}"
        return next(vin for digit in CHECK_DIGITS if is_valid_vin(vin := f"{start}{digit}{end}"))


def _unit_status(sale: Sale, part: Part) -> str:
    if sale.fate == CANCELLED:
        return "BUILT"
    if part.done_at is not None:
        return "DELIVERED"
    if part.inspected_at is not None:
        return "PDI"
    return "INVOICED" if not sale.deposit or sale.balance_at is not None else "ALLOCATED"
