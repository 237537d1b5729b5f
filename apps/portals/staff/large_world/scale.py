"""How large a world is."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Scale:
    """Numbers of a world; ``seed`` and the day it is built on decide everything else."""

    members: int
    products: int
    orders: int
    seed: str = "xingchi"
    # The orders lie in the year before the day it is built on; members joined over three.
    order_days: int = 365
    member_days: int = 1095


LARGE = Scale(members=800_000, products=5_000, orders=276_000)
SMALL = Scale(members=800, products=184, orders=276)
SCALES = {"small": SMALL, "large": LARGE}
