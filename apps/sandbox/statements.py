"""What the statement doors have in common."""

from datetime import date

from starlette.exceptions import HTTPException


def read_day(value: str) -> date:
    """Return the day a statement is asked for, ``YYYY-MM-DD``; a missing or wrong one answers 400."""
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise HTTPException(status_code=400, detail="date must be YYYY-MM-DD") from error
