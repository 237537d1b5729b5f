"""
What people put into their carts.

A part is asked for in bursts (Croston): whether it is asked for in a week at all is one draw, how much one of the
part's pace; the rarer, the lumpier. Cars follow their series' launches.
"""

from bisect import bisect
from collections.abc import Sequence
from itertools import accumulate
from random import Random
from zlib import crc32

from apps.portals.staff.large_world.goods import LAUNCHES, Good

# Share of weeks in which a part of pace 1, and one of pace 10 and more, is asked for.
RAREST, USUAL = 0.06, 0.97
PIECES = (1, 1, 1, 1, 1, 1, 2, 2, 3, 4)


class Demand:
    """What is asked for in one week."""

    def __init__(self, goods: Sequence[Good], *, seed: str, week: int) -> None:
        random = Random(f"{seed}:demand:{week}")  # noqa: S311 - a picture of a business, no secret
        self.goods: list[Good] = []
        weights = []
        for good in goods:
            share = min(USUAL, RAREST + (USUAL - RAREST) * (good.pace / 10) ** 1.5)
            # The draw is made for every part, so that one more part does not change the others.
            is_asked, size = random.random() < share, random.expovariate(1.0)
            if is_asked:
                self.goods.append(good)
                weights.append(good.pace * (0.2 + size) * _rank(good) / share)
        self.ends = list(accumulate(weights))

    def pick(self, random: Random) -> Good:
        """One good, the more sought ones more often."""
        return self.goods[bisect(self.ends, random.random() * self.ends[-1], hi=len(self.goods) - 1)]

    def basket(self, random: Random) -> list[tuple[Good, int]]:
        """One to five different goods with pieces."""
        number = random.choices((1, 2, 3, 4, 5), (52, 26, 13, 6, 3))[0]
        chosen: dict[int, tuple[Good, int]] = {}
        for _ in range(number):
            good = self.pick(random)
            pieces = random.choice(PIECES) if good.price < 50_000 else 1
            chosen.setdefault(good.product_id, (good, pieces))
        return list(chosen.values())


def _rank(good: Good) -> float:
    """Some parts are everybody's, most are few people's: the same for a part in every week."""
    return (1 + crc32(good.sku.encode()) % 97) ** -0.8


class Showroom:
    """Which cars are ordered on a day."""

    def __init__(self, cars: Sequence[Good], *, day: int) -> None:
        self.cars = list(cars)
        launches = {series: (first, factor, days) for series, first, factor, days in LAUNCHES}
        weights = []
        for car in self.cars:
            # Dearer cars sell less.
            weight = (15_000_000 / car.price) ** 0.9
            first, factor, days = launches.get(next(iter(car.series), ""), (-1, 1.0, 1))
            if day < first:
                weight = 0.0
            elif first >= 0 and day < first + days:
                weight *= factor
            weights.append(weight)
        self.weights = weights

    def pick(self, random: Random) -> Good:
        """One car."""
        return random.choices(self.cars, self.weights)[0]
