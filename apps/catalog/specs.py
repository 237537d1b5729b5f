"""The specifications of cars: their words, units, types and the range a true value lies in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

DRIVES: Mapping[str, Promise] = {
    "fwd": _("Front-wheel drive"),
    "rwd": _("Rear-wheel drive"),
    "awd": _("All-wheel drive"),
    "4wd": _("Four-wheel drive"),
}
CHEMISTRIES: Mapping[str, Promise] = {
    "lfp": _("Lithium iron phosphate"),
    "nmc": _("Lithium nickel manganese cobalt"),
    "ncm": _("Lithium nickel manganese cobalt"),
    "nca": _("Lithium nickel cobalt aluminium"),
    "li-ion": _("Lithium-ion"),
    "sodium_ion": _("Sodium-ion"),
}


@dataclass(frozen=True, slots=True)
class Spec:
    """One specification; a number between ``low`` and ``high``, a word of ``words``, or text."""

    name: Promise
    unit: str = ""
    low: float | None = None
    high: float | None = None
    words: Mapping[str, Promise] | None = None

    @property
    def is_number(self) -> bool:
        """Whether its values are numbers."""
        return self.low is not None

    def accepts(self, value: Any) -> bool:
        """Whether a value has the type and lies in the range."""
        if not self.is_number:
            return isinstance(value, str) and bool(value.strip())
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        return self.low <= value <= (self.high or float("inf"))

    def show(self, value: Any) -> str | int | float | bool:
        """Return the value as a reader sees it."""
        if self.words is not None and isinstance(value, str):
            word = self.words.get(value.lower())
            return str(word) if word is not None else value
        return value


SPECS: Mapping[str, Spec] = {
    "range_cltc_km": Spec(_("Range (CLTC)"), "km", 20, 2000),
    "range_wltp_km": Spec(_("Range (WLTP)"), "km", 20, 2000),
    "range_epa_km": Spec(_("Range (EPA)"), "km", 20, 2000),
    "range_nedc_km": Spec(_("Range (NEDC)"), "km", 20, 2000),
    "range_combined_km": Spec(_("Combined range"), "km", 100, 3000),
    "battery_kwh": Spec(_("Battery capacity"), "kWh", 1, 400),
    "battery_chemistry": Spec(_("Battery type"), words=CHEMISTRIES),
    "consumption_kwh_100km": Spec(_("Consumption"), "kWh/100 km", 5, 60),
    "fuel_l_100km": Spec(_("Fuel consumption"), "L/100 km", 0, 40),
    "fuel_tank_l": Spec(_("Fuel tank"), "L", 1, 200),
    "system_kw": Spec(_("Power"), "kW", 5, 2000),
    "motor_kw": Spec(_("Motor power"), "kW", 5, 2000),
    "engine_kw": Spec(_("Engine power"), "kW", 5, 1000),
    "torque_nm": Spec(_("Torque"), "N·m", 20, 5000),
    "drive": Spec(_("Drive"), words=DRIVES),
    "accel_0_100_s": Spec(_("0–100 km/h"), "s", 1, 40),
    "top_speed_kmh": Spec(_("Top speed"), "km/h", 40, 600),
    "dc_peak_kw": Spec(_("Fast charging"), "kW", 1, 1500),
    "dc_30_80_min": Spec(_("Charging 30–80 %"), "min", 1, 300),
    "ac_kw": Spec(_("AC charging"), "kW", 1, 100),
    "length_mm": Spec(_("Length"), "mm", 1500, 8000),
    "width_mm": Spec(_("Width"), "mm", 1000, 3000),
    "height_mm": Spec(_("Height"), "mm", 900, 3500),
    "wheelbase_mm": Spec(_("Wheelbase"), "mm", 1200, 5500),
    "ground_clearance_mm": Spec(_("Ground clearance"), "mm", 50, 600),
    "trunk_l": Spec(_("Luggage space"), "L", 0, 20000),
    "drag_cd": Spec(_("Drag coefficient"), "Cd", 0.1, 1),
    "turning_circle_m": Spec(_("Turning circle"), "m", 4, 30),
    "curb_weight_kg": Spec(_("Curb weight"), "kg", 300, 6000),
    "bed_length_mm": Spec(_("Bed length"), "mm", 500, 4000),
    "bed_width_mm": Spec(_("Bed width"), "mm", 500, 2500),
    "bed_height_mm": Spec(_("Bed height"), "mm", 100, 1500),
    "payload_kg": Spec(_("Payload"), "kg", 50, 5000),
    "towing_kg": Spec(_("Towing capacity"), "kg", 50, 10000),
    "doors": Spec(_("Doors"), "", 2, 7),
    "seats": Spec(_("Seats"), "", 1, 20),
}
