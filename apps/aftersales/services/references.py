"""Numbers that people read to each other over the phone."""

from apps.kernel.api import random_letters

LENGTH = 10


def make_reference() -> str:
    """Return a number nobody guesses."""
    return random_letters(LENGTH)
