"""Numbers that a visitor may have typed."""


def read_number(value: str | None, *, largest: int = 2**31 - 1) -> int | None:
    """Return a whole number between -``largest`` and ``largest``, or None for anything else."""
    if not value or len(value) > 11:
        return None
    try:
        number = int(value)
    except ValueError:
        return None
    return number if abs(number) <= largest else None
