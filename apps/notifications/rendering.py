"""Turns a message into words."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template import Context
from django.template.loader import select_template
from django.utils import translation

FALLBACK_LANGUAGE = "zh-hans"


@dataclass(frozen=True)
class Written:
    """What the reader sees."""

    subject: str
    text: str
    html: str | None = None


def write(*, template: str, language: str, context: dict[str, Any]) -> Written:
    """
    Write a message in its language. The first line of the template is the subject, the rest the text.

    Plain text: nothing is escaped.
    """
    chosen = select_template(
        [f"notifications/{template}.{language}.txt", f"notifications/{template}.{FALLBACK_LANGUAGE}.txt"]
    )
    with translation.override(language):
        values = {"site_url": settings.SITE_URL, "shop_name": translation.gettext("Xingchi"), **context}
        words = chosen.template.render(Context(values, autoescape=False))
    subject, _, text = words.strip().partition("\n")
    return Written(subject=" ".join(subject.split()), text=text.strip() + "\n", html=context.get("html"))
