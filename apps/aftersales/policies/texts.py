"""What people type."""

LONGEST_TEXT = 500


def clean(text: str, *, most: int = LONGEST_TEXT) -> str:
    """Return a text without characters that cannot be shown, at most so long."""
    return "".join(letter for letter in text if letter.isprintable() or letter == "\n").strip()[:most]
