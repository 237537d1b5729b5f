"""Money: exact amounts, the only rounding in the suite, and the fair split. Pure: no ORM, no clock."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction
from typing import Self

from apps.kernel.errors import CurrencyMismatch

MINOR_UNITS = 100
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Money:
    """
    An amount of one currency, exact to the minor unit (two decimal places).

    :raises ValueError: if the amount is not finite or has more than two places; use ``Money.rounded`` to round
    :raises TypeError: if the amount is not a Decimal; a float never is
    """

    amount: Decimal
    currency: str = "CNY"

    def __post_init__(self) -> None:
        if not isinstance(self.amount, Decimal):
            raise TypeError(f"Money takes a Decimal, not {type(self.amount).__name__}; see Money.of.")
        if not self.amount.is_finite():
            raise ValueError("Money must be finite.")
        quantized = self.amount.quantize(_CENT)
        if quantized != self.amount:
            raise ValueError(f"{self.amount} has more than two places; round it with Money.rounded.")
        # Adding zero turns -0.00 into 0.00, so that equal amounts also print alike.
        object.__setattr__(self, "amount", quantized + 0)

    @classmethod
    def zero(cls, currency: str = "CNY") -> Self:
        """Return nothing, in a currency."""
        return cls(Decimal(0), currency)

    @classmethod
    def of(cls, amount: str | int | Decimal, currency: str = "CNY") -> Self:
        """
        Return the amount written as text, whole number or Decimal.

        :raises ValueError: if the text is not a number or has more than two places
        """
        if isinstance(amount, float):
            raise TypeError("Money is never a float.")
        try:
            return cls(Decimal(amount), currency)
        except InvalidOperation:
            raise ValueError(f"{amount!r} is not an amount.") from None

    @classmethod
    def from_minor(cls, minor: int, currency: str = "CNY") -> Self:
        """Return the amount of so many minor units (fen, cents)."""
        return cls(Decimal(minor).scaleb(-2), currency)

    @classmethod
    def rounded(cls, amount: Decimal, currency: str = "CNY") -> Self:
        """Return the amount rounded half up to the minor unit. The only place in the suite that rounds money."""
        return cls(amount.quantize(_CENT, rounding=ROUND_HALF_UP), currency)

    @property
    def minor(self) -> int:
        """The amount in minor units, as providers and facts carry it."""
        return int(self.amount * MINOR_UNITS)

    def split(self, weights: Sequence[int | Decimal]) -> list[Self]:
        """
        Divide by weights so that the shares sum exactly to the whole (largest remainder in minor units).

        Every share lies within one minor unit of its exact part, equal remainders go to the earlier share, and a share
        of weight zero gets nothing; weights that are all zero count as equal.

        :raises ValueError: if there are no weights or one is negative
        """
        if not weights:
            raise ValueError("A split needs at least one share.")
        parts = [Fraction(weight) for weight in weights]
        if min(parts) < 0:
            raise ValueError("Weights cannot be negative.")
        if not any(parts):
            parts = [Fraction(1)] * len(parts)
        sign = -1 if self.minor < 0 else 1
        exact = [abs(self.minor) * part / sum(parts) for part in parts]
        shares = [share.numerator // share.denominator for share in exact]
        left_over = abs(self.minor) - sum(shares)
        by_remainder = sorted(range(len(shares)), key=lambda index: (shares[index] - exact[index], index))
        for index in by_remainder[:left_over]:
            shares[index] += 1
        return [type(self).from_minor(sign * share, self.currency) for share in shares]

    def as_json(self) -> dict[str, str]:
        """Return the shape every API uses: the amount as text, never a float."""
        return {"amount": f"{self.amount:.2f}", "currency": self.currency}

    def __str__(self) -> str:
        return f"{self.amount:.2f} {self.currency}"

    def __bool__(self) -> bool:
        return bool(self.amount)

    def __neg__(self) -> Self:
        return type(self)(-self.amount, self.currency)

    def __abs__(self) -> Self:
        return type(self)(abs(self.amount), self.currency)

    def __add__(self, other: "Money") -> Self:
        return type(self)(self.amount + self._amount_of(other), self.currency)

    def __sub__(self, other: "Money") -> Self:
        return type(self)(self.amount - self._amount_of(other), self.currency)

    def __mul__(self, times: int) -> Self:
        if isinstance(times, bool) or not isinstance(times, int):
            return NotImplemented
        return type(self)(self.amount * times, self.currency)

    __rmul__ = __mul__

    def __lt__(self, other: "Money") -> bool:
        return self.amount < self._amount_of(other)

    def __le__(self, other: "Money") -> bool:
        return self.amount <= self._amount_of(other)

    def __gt__(self, other: "Money") -> bool:
        return self.amount > self._amount_of(other)

    def __ge__(self, other: "Money") -> bool:
        return self.amount >= self._amount_of(other)

    def _amount_of(self, other: "Money") -> Decimal:
        if not isinstance(other, Money):
            raise TypeError(f"Money meets only money, not {type(other).__name__}.")
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency} do not mix.")
        return other.amount


def sum_money(amounts: Iterable[Money], currency: str = "CNY") -> Money:
    """Return the sum of the amounts, which is zero for none."""
    total = Money.zero(currency)
    for amount in amounts:
        total += amount
    return total
