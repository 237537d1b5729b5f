"""Pure rules of inventory: no ORM, no clock."""

from collections.abc import Mapping, Sequence

VIN_LENGTH = 17
# Source: GB 16735-2019, tables B.1 and B.2 (the same values as 49 CFR 565 and ISO 3779's common use).
_VALUES = {
    **{str(n): n for n in range(10)},
    **dict(zip("ABCDEFGH", range(1, 9), strict=True)),
    **dict(zip("JKLMN", range(1, 6), strict=True)),
    "P": 7,
    "R": 9,
    **dict(zip("STUVWXYZ", range(2, 10), strict=True)),
}
_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def vin_check_digit(vin: str) -> str:
    """Return the ninth character that a 17-character ``vin`` should have: ``0``–``9`` or ``X``."""
    remainder = sum(_VALUES[char] * weight for char, weight in zip(vin, _WEIGHTS, strict=True)) % 11
    return "X" if remainder == 10 else str(remainder)


def is_valid_vin(vin: str) -> bool:
    """Tell whether ``vin`` has 17 allowed characters (never I, O or Q) and the right check digit."""
    return len(vin) == VIN_LENGTH and all(char in _VALUES for char in vin) and vin[8] == vin_check_digit(vin)


def spread(quantity: int, free: Mapping[str, int], preference: Sequence[str]) -> dict[str, int] | None:
    """
    Spread ``quantity`` pieces over sites in order of preference, taking what each has free.

    Returns pieces per site code, without empty shares, or None when all sites together have too few.
    Example: 5 pieces, free {"A": 3, "B": 4}, preference ("B", "A") → {"B": 4, "A": 1}.
    """
    shares: dict[str, int] = {}
    for code in preference:
        take = min(quantity, max(free.get(code, 0), 0))
        if take:
            shares[code] = take
            quantity -= take
        if not quantity:
            return shares
    return None
