"""Numbers that people read to each other over the phone."""

import secrets

# Without what is easily mistaken for something else.
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH = 10


def make_reference() -> str:
    """Return a number nobody guesses."""
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
