"""What texts about products may not be: too short, too long, marked up, or claiming what the law forbids. Pure."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as attribute
from typing import Any

import nh3
from django.utils.translation import gettext_lazy as _

# Shortest and longest, in characters, as the pages show them well.
LENGTHS = {
    "title_zh": (4, 60), "title_en": (6, 120), "summary_zh": (0, 120), "summary_en": (0, 240),
    "description_zh": (0, 4000), "description_en": (0, 8000),
}  # fmt: skip
TITLES = ("title_zh", "title_en")
# Numbers, addresses and links lead the buyer past the shop.
CONTACTS = re.compile(
    r"https?://|www\.|[\w.+-]+@[\w-]+\.\w+|(?<!\d)1[3-9]\d{9}(?!\d)|微信|QQ\s*[:：]?\s*\d{5,}", re.IGNORECASE
)
HAN = re.compile(r"[㐀-鿿]")
_TAGS = re.compile(r"</?[A-Za-z!][^<>]{0,200}>")
MOST_WRAPPINGS = 5
# Where one block ends a line ends, once the tags are gone.
_BLOCKS = re.compile(r"<\s*(?:br|/p|/li|/h[1-6]|/tr|/div)\b[^>]*>", re.IGNORECASE)
_CLEANED_AWAY = frozenset({"script", "style"})
MESSAGES = {
    "required": _("This must be filled in."),
    "too_short": _("At least %(minimum)s characters."),
    "too_long": _("At most %(maximum)s characters."),
    "forbidden_claim": _("The advertising law forbids this claim: %(claim)s (%(source)s)"),
    "contact": _("No addresses, links or numbers to reach you by: %(value)s"),
    "no_chinese": _("The Chinese title holds no Chinese."),
    "markup": _("Text only: markup was found."),
    "like_another": _("A product with this title is there already: %(value)s"),
    "price_far_off": _("The price is far from what this category costs: %(value)s on average."),
    "no_picture": _("There is no picture yet."),
}


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim the law forbids, and the law."""

    text: str
    is_pattern: bool
    source: str

    def find_in(self, text: str) -> str:
        """What of the text is the claim, "" if nothing is."""
        if self.is_pattern:
            found = re.search(self.text, text, re.IGNORECASE)
            return found.group() if found else ""
        return self.text if self.text.lower() in text.lower() else ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with one field, or worth a reviewer's look."""

    field: str
    code: str
    context: Mapping[str, Any] = attribute(default_factory=dict)

    @property
    def text(self) -> str:
        """The finding in the reader's language."""
        return str(MESSAGES[self.code]) % self.context

    def as_json(self) -> dict[str, Any]:
        """Return what a proposal keeps."""
        return {"field": self.field, "code": self.code, "context": dict(self.context)}


def clean_text(text: str) -> str:
    """
    Plain text of whatever a supplier pasted: markup goes, lines stay.

    Our pages escape texts anyway; what is stored here goes into feeds, PDFs and other languages as well.
    """
    for _time in range(MOST_WRAPPINGS):
        cleaned = _clean(text)
        if cleaned == text:
            return cleaned
        # Undone entities may have spelled new ones.
        text = cleaned
    return re.sub(r"[<>&]", "", text).strip()


def _clean(text: str) -> str:
    with_lines = _BLOCKS.sub("\n", text)
    bare = nh3.clean(with_lines, tags=set(), clean_content_tags=set(_CLEANED_AWAY))
    plain = bare.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")
    plain = _TAGS.sub("", plain)
    lines = [re.sub(r"[ \t\xa0]+", " ", line).strip() for line in plain.splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def has_markup(text: str) -> bool:
    """Whether a text holds tags."""
    return bool(_TAGS.search(text))


def check_texts(texts: Mapping[str, str], claims: Collection[Claim]) -> list[Finding]:
    """Everything that forbids the texts of a product, by field name; texts are clean."""
    return [finding for name, text in texts.items() for finding in _check(name, text, claims)]


def _check(name: str, text: str, claims: Collection[Claim]) -> Iterable[Finding]:
    shortest, longest = LENGTHS[name]
    if not text:
        if name in TITLES:
            yield Finding(name, "required")
        return
    if len(text) < shortest:
        yield Finding(name, "too_short", {"minimum": shortest})
    if len(text) > longest:
        yield Finding(name, "too_long", {"maximum": longest})
    if name == "title_zh" and not HAN.search(text):
        yield Finding(name, "no_chinese")
    if contact := CONTACTS.search(text):
        yield Finding(name, "contact", {"value": contact.group()})
    for claim in claims:
        if found := claim.find_in(text):
            yield Finding(name, "forbidden_claim", {"claim": found, "source": claim.source})
