"""
A business of a year: hundreds of thousands of members, thousands of parts, orders with everything that hangs on them.

``build_large_world`` writes it beside the demo world, deterministic by its seed, by COPY; safe to repeat and to resume.
What it writes past the apps' services, and why, is in the README of ``portals.staff``.
"""

from apps.portals.staff.large_world.build import build_large_world
from apps.portals.staff.large_world.scale import SCALES, Scale

__all__ = ["SCALES", "Scale", "build_large_world"]
