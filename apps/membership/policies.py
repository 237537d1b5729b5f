"""Pure rules of membership: no ORM, no clock."""

import re
import unicodedata

# Source: GA 36-2018: a province's character, a letter, then five characters, six for new energy; no I or O but in the
# second place; the last may be one of the characters of special plates.
_PLATE = re.compile(r"[\u4e00-\u9fff][A-Z][A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警港澳领使][A-HJ-NP-Z0-9]?")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}
VIN_SHOWN = 6


def mask_name(name: str) -> str:
    """
    Return a name as everybody may read it: its first character and two stars.

    Example: 林晚晴 → 林**, Zhou Muye → Z**; without a name, an empty string.
    """
    visible = name.strip()
    return f"{visible[0]}**" if visible else ""


def mask_vin(vin: str) -> str:
    """Return the end of a VIN, by which its owner knows it."""
    return f"···{vin[-VIN_SHOWN:]}" if vin else ""


def normalize_vin(text: str) -> str:
    """Return a VIN as it is stored, however it was typed: capitals, without spaces and hyphens, half-width."""
    return re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", text)).upper()


def normalize_plate(text: str) -> str | None:
    """Return a number plate as it is stored ("" for none), or None if the text is no plate."""
    plate = re.sub(r"[\s\-·•.]", "", unicodedata.normalize("NFKC", text)).upper()
    if not plate or _PLATE.fullmatch(plate):
        return plate
    return None


def clean_text(text: str) -> str:
    """Return what somebody wrote without unseen characters, outer blanks and more than one empty line in a row."""
    kept = "".join(
        character for character in text.replace("\r\n", "\n") if character == "\n" or not _is_unseen(character)
    )
    return re.sub(r"\n{3,}", "\n\n", kept).strip()


def average_rating(count: int, total: int) -> float | None:
    """Return the mean of ``count`` ratings that sum to ``total``, to one place; None without any. 4.25 → 4.3."""
    if not count:
        return None
    # In whole tenths, half up: 17 stars of 4 reviews are (170 × 2 + 4) // 8 = 43 tenths.
    return (total * 20 + count) // (count * 2) / 10


def language_of(text: str) -> str:
    """Return the language tag of what somebody wrote: Chinese if a character of it is, else English."""
    return "zh-CN" if _CHINESE.search(text) else "en"


def _is_unseen(character: str) -> bool:
    # The joiner of emoji is a format character that people do write.
    return unicodedata.category(character) in _UNSEEN and character != "\u200d"
